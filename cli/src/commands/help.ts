import type { Command } from 'commander';
import { applyCommand } from './applyArguments';
import { benchCommand } from './benchArguments';
import { chooseCommand } from './chooseArguments';
import { clearCacheCommand } from './clearCache';
import { cohortCommand, workerCommand } from './cohortArguments';
import { doctorCommand } from './doctorArguments';
import { fitCommand } from './fitArguments';
import { applyImagesCommand, fitImagesCommand, segmentImagesCommand } from './imageArguments';
import { measureCommand } from './measureArguments';
import { createCommand } from './options';
import { segmentCommand } from './segmentArguments';

const EXIT_CODES = 'Exit codes: 0 success, 1 failure, 2 wrong usage, 130 cancelled with Ctrl-C.\n';

/** The same commands on single images, with options of their own. */
const IMAGE_COMMANDS = [segmentImagesCommand, fitImagesCommand, applyImagesCommand];

function program(): Command {
  const root = createCommand('fewshot-sam', 'Segments a volume from a few outlined slices.').option(
    '--version',
    'version of this installation',
  );
  const commands = [
    segmentCommand(),
    chooseCommand(),
    fitCommand(),
    applyCommand(),
    measureCommand(),
    cohortCommand(),
    workerCommand(),
    benchCommand(),
    doctorCommand(),
    clearCacheCommand(),
  ];
  for (const command of commands) root.addCommand(command);
  return root;
}

/** Returns the help. @param name of a command; help for all commands if there is none of that name */
export function help(name?: string): string {
  const root = program();
  const found = root.commands.find(command => command.name() === name);
  const withActions = (command: Command): Command[] => [
    command,
    ...command.commands,
    ...IMAGE_COMMANDS.map(create => create()).filter(other => other.name() === command.name()),
  ];
  const shown = found ? withActions(found) : [root, ...root.commands.flatMap(withActions)];
  return [...shown.map(command => command.helpInformation()), EXIT_CODES].join('\n');
}

export function commandNames(): string[] {
  return program().commands.map(command => command.name());
}
