import TestSequencer from '@jest/test-sequencer';

/** Short files that take minutes. Where jest has no times of an earlier run it begins with the largest files, and would end with these alone. */
const long = /\/(evidence-(planted[a-z-]*|faults|pack)|hundred-days|[a-z-]+-kill|backup|trunk-next|web-pages|every-route)\.test\.ts$/;

/** The order of jest, with the long ones first. */
export default class LongestFirst extends TestSequencer {
  sort(tests) {
    const inOrder = super.sort(tests);
    return [...inOrder.filter(({ path }) => long.test(path)), ...inOrder.filter(({ path }) => !long.test(path))];
  }
}
