import { test } from '@jest/globals';

/**
 * Tests that move addresses between machines. The machines are network namespaces with one network between them, and only root can make
 * those: for anybody else the tests are skipped, and the report counts them as such. Whoever is root and lacks keepalived sees them fail.
 */
export const onMachines: typeof test.skip = process.getuid?.() === 0 ? test : test.skip;
