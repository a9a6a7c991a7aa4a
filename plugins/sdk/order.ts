interface Node {
  name: string;
  /** Names that come before it. Those that are not among the nodes are passed over. */
  after: readonly string[];
}

/**
 * The names of enrichers, each after those it depends on and otherwise as they came.
 * @throws Error that shows the circle, where there is one: `a after b after a`.
 */
export function dependencyOrder(nodes: readonly Node[]): string[] {
  const byName = new Map(nodes.map((node) => [node.name, node]));
  const order = new Set<string>();
  const visit = (node: Node, path: readonly string[]): void => {
    if (order.has(node.name)) return;
    if (path.includes(node.name))
      throw new Error(`they wait for each other: ${[...path.slice(path.indexOf(node.name)), node.name].join(' after ')}`);
    for (const name of node.after) {
      const before = byName.get(name);
      if (before) visit(before, [...path, node.name]);
    }
    order.add(node.name);
  };
  for (const node of nodes) visit(node, []);
  return [...order];
}
