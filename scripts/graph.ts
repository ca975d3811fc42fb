/** `npm run graph`: prints the folders and their imports; exits with 1 when one does not go down, or in a circle. */
import { folderGraph, graphText, readArrows } from './folderGraph';

const graph = folderGraph(await readArrows('.'));
process.stdout.write(graphText(graph));
if (graph.faults.length) process.exitCode = 1;
