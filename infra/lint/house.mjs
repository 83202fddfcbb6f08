/** Time and chance come from outside: the simulated centre (docs/simulation.md) is then the one that moves them. */
const time = 'Time is given from outside (shared/domain/time/clock.ts), so that the simulation can move it.';
const chance = 'Chance is given from outside, so that the simulation can seed it.';

const globals = new Set(['setTimeout', 'setInterval', 'setImmediate', 'performance']);
const properties = new Map([
  ['Date.now', time],
  ['Math.random', chance],
  ['crypto.randomUUID', chance],
  ['process.env', 'Read it in shared/platform/settings/config.ts.'],
]);

/** The name of a member that is written out: `Date.now`, `Date['now']`. */
function memberName({ object, property, computed }) {
  if (object.type !== 'Identifier') return undefined;
  const name = computed ? property.value : property.name;
  return typeof name === 'string' ? `${object.name}.${name}` : undefined;
}

const timeAndChanceFromOutside = {
  create(context) {
    return {
      // A name that no scope declares is the platform's.
      'Program:exit'(program) {
        const scope = context.sourceCode.getScope(program);
        const undeclared = [...scope.through, ...scope.variables.filter(({ defs }) => defs.length === 0).flatMap((one) => one.references)];
        for (const { identifier } of undeclared) if (globals.has(identifier.name)) context.report({ node: identifier, message: time });
      },
      MemberExpression(node) {
        const message = properties.get(memberName(node));
        if (message !== undefined) context.report({ node, message });
      },
      NewExpression(node) {
        if (node.callee.name === 'Date' && node.arguments.length === 0) context.report({ node, message: time });
      },
    };
  },
};

export default { meta: { name: 'house' }, rules: { 'time-and-chance-from-outside': timeAndChanceFromOutside } };
