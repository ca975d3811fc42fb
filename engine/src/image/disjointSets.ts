/** Union-find (Rosenfeld and Pfaltz, 1966) whose representative is the smallest member. */
export class DisjointSets {
  private readonly parents: number[] = [];

  /** @param count members to begin with, 0 to count - 1, each in a set of its own */
  constructor(count = 0) {
    this.add(count);
  }

  get size(): number {
    return this.parents.length;
  }

  /** Adds members, each in a set of its own. @returns the first of them */
  add(count: number): number {
    const first = this.parents.length;
    for (let i = 0; i < count; i++) this.parents.push(first + i);
    return first;
  }

  find(member: number): number {
    const { parents } = this;
    while (parents[member] !== member) {
      parents[member] = parents[parents[member]];
      member = parents[member];
    }
    return member;
  }

  join(a: number, b: number): void {
    const rootA = this.find(a);
    const rootB = this.find(b);
    if (rootA < rootB) this.parents[rootB] = rootA;
    else this.parents[rootA] = rootB;
  }
}
