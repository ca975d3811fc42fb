/**
 * Copies `count` rows of `length` values so that the values of `group` rows are interleaved; missing rows
 * are zero.
 */
export function packRows(
  from: usize,
  step: i32,
  count: i32,
  length: i32,
  group: i32,
  to: usize,
  scale: f32,
): void {
  const scales = f32x4.splat(scale);
  const stepBytes: usize = 4 * <usize>step;
  const groupBytes: usize = 4 * <usize>group;
  for (let row = 0; row < count; row += group, to += groupBytes * <usize>length) {
    for (let part = 0; part < group; part += 4) {
      const wide = min(4, group - part);
      const present = min(wide, count - row - part);
      let at = to + 4 * <usize>part;
      const source = from + <usize>(row + part) * stepBytes;
      let i = 0;
      if (present == 4) {
        for (; i + 4 <= length; i += 4) {
          const place = source + 4 * <usize>i;
          const r0 = f32x4.mul(v128.load(place), scales);
          const r1 = f32x4.mul(v128.load(place + stepBytes), scales);
          const r2 = f32x4.mul(v128.load(place + 2 * stepBytes), scales);
          const r3 = f32x4.mul(v128.load(place + 3 * stepBytes), scales);
          const low01 = v128.shuffle<f32>(r0, r1, 0, 4, 1, 5);
          const high01 = v128.shuffle<f32>(r0, r1, 2, 6, 3, 7);
          const low23 = v128.shuffle<f32>(r2, r3, 0, 4, 1, 5);
          const high23 = v128.shuffle<f32>(r2, r3, 2, 6, 3, 7);
          v128.store(at, v128.shuffle<f32>(low01, low23, 0, 1, 4, 5));
          v128.store(at + groupBytes, v128.shuffle<f32>(low01, low23, 2, 3, 6, 7));
          v128.store(at + 2 * groupBytes, v128.shuffle<f32>(high01, high23, 0, 1, 4, 5));
          v128.store(at + 3 * groupBytes, v128.shuffle<f32>(high01, high23, 2, 3, 6, 7));
          at += 4 * groupBytes;
        }
      } else if (present == 2 && wide == 2) {
        for (; i + 4 <= length; i += 4) {
          const place = source + 4 * <usize>i;
          const r0 = f32x4.mul(v128.load(place), scales);
          const r1 = f32x4.mul(v128.load(place + stepBytes), scales);
          const low = v128.shuffle<f32>(r0, r1, 0, 4, 1, 5);
          const high = v128.shuffle<f32>(r0, r1, 2, 6, 3, 7);
          v128.store64_lane(at, low, 0);
          v128.store64_lane(at + groupBytes, low, 1);
          v128.store64_lane(at + 2 * groupBytes, high, 0);
          v128.store64_lane(at + 3 * groupBytes, high, 1);
          at += 4 * groupBytes;
        }
      }
      for (; i < length; i++, at += groupBytes) {
        for (let j = 0; j < wide; j++) {
          const value: f32 =
            j < present ? scale * load<f32>(source + <usize>j * stepBytes + 4 * <usize>i) : 0;
          store<f32>(at + 4 * <usize>j, value);
        }
      }
    }
  }
}

/** Like `packRows`, for `count` columns of `length` values each, `step` values from row to row. */
export function packColumns(
  from: usize,
  step: i32,
  count: i32,
  length: i32,
  group: i32,
  to: usize,
  scale: f32,
): void {
  const scales = f32x4.splat(scale);
  const stepBytes: usize = 4 * <usize>step;
  for (let column = 0; column < count; column += group) {
    let source = from + 4 * <usize>column;
    if (count - column >= group) {
      for (let i = 0; i < length; i++, source += stepBytes) {
        v128.store(to, f32x4.mul(v128.load(source), scales));
        if (group == 8) v128.store(to, f32x4.mul(v128.load(source, 16), scales), 16);
        else if (group == 6)
          v128.store64_lane(to, f32x4.mul(v128.load64_zero(source, 16), scales), 0, 16);
        to += 4 * <usize>group;
      }
      continue;
    }
    for (let i = 0; i < length; i++, source += stepBytes) {
      for (let j = 0; j < group; j++, to += 4) {
        const value: f32 = j < count - column ? scale * load<f32>(source + 4 * <usize>j) : 0;
        store<f32>(to, value);
      }
    }
  }
}
