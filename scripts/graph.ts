/**
 * `npm run graph`: prints the folders and their imports; exits with 1 if any import does not go down, or
 * forms a cycle.
 */
import { folderGraph, graphText, readArrows } from './folderGraph';

const graph = folderGraph(await readArrows('.'));
process.stdout.write(graphText(graph));
if (graph.faults.length) process.exitCode = 1;
