import {
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  parseDocument,
  visit,
  type Alias,
  type Document,
  type ParsedNode,
  type YAMLError,
  type YAMLMap,
} from 'yaml';
import type { Problem } from '../../errors.ts';
import { LOST } from '../../strict-text.ts';
import { expandVariables, type Variables } from './expand-variables.ts';
import { problemAt, type Position } from './source.ts';

/** A node of a YAML document; nothing stands where a key has no value. */
export type YamlNode = ParsedNode | null | undefined;

/** One key of a mapping with what stands behind it. */
export interface YamlPair {
  readonly key: string;
  readonly at: Position;
  readonly value: YamlNode;
}

interface OwnPairs {
  readonly map: YamlNode;
  readonly pairs: Map<string, YamlPair>;
  readonly sources: readonly YamlNode[];
}

/**
 * A YAML document as text with positions: every scalar is the text that stands in the file, so that the name 0000
 * stays 0000. Aliases and merge keys are followed; faults are collected, none is thrown.
 */
export class YamlReader {
  readonly #file: string;
  readonly #document: Document.Parsed;
  readonly #lines = new LineCounter();
  readonly #problems: Problem[] = [];
  readonly #targets: ReadonlyMap<Alias, YamlNode>;
  readonly #pairs = new Map<YamlNode, ReadonlyMap<string, YamlPair>>();
  /** Whether the text is YAML at all; where it is not, its content means nothing. */
  readonly wellFormed: boolean;
  /** What `${NAME:-default}` in values refers to; without variables that is text like any other. */
  readonly variables: Variables | undefined;

  constructor(text: string, file: string, variables?: Variables) {
    this.#file = file;
    this.variables = variables;
    this.#document = parseDocument(text, {
      schema: 'failsafe',
      prettyErrors: false,
      logLevel: 'error',
      lineCounter: this.#lines,
    });
    const { errors, warnings } = this.#document;
    this.wellFormed = errors.every(({ code }) => code === 'DUPLICATE_KEY');
    this.#targets = aliasTargets(this.#document);
    for (const fault of [...errors, ...warnings])
      this.#problems.push(problemAt(this.#place(fault.pos[0]), describeFault(fault)));
    if (variables !== undefined) this.#expandValues(variables);
  }

  get problems(): readonly Problem[] {
    return this.#problems;
  }

  get root(): YamlNode {
    return this.#document.contents;
  }

  report(at: Position, message: string): void {
    this.#problems.push(problemAt(at, message));
  }

  position(node: YamlNode, otherwise: Position = this.#place(0)): Position {
    return node?.range === undefined ? otherwise : this.#place(node.range[0]);
  }

  /** The node that an alias stands for, or the node itself; an alias to nothing is reported. */
  resolve(node: YamlNode): YamlNode {
    if (this.isDangling(node))
      this.report(
        this.position(node),
        'this alias names no anchor above it; put text that begins with * in quotes',
      );
    return this.quietlyResolve(node);
  }

  quietlyResolve(node: YamlNode): YamlNode {
    return isAlias(node) ? this.#targets.get(node) : node;
  }

  isDangling(node: YamlNode): boolean {
    return isAlias(node) && !this.#targets.has(node);
  }

  isEmpty(node: YamlNode): boolean {
    return (
      node === null || node === undefined || (isScalar(node) && node.type === 'PLAIN' && node.source === '')
    );
  }

  /** The text of a scalar as it stands in the file; `undefined` for a list or a mapping. */
  scalar(node: YamlNode): string | undefined {
    return isScalar(node) && typeof node.value === 'string' ? node.value : undefined;
  }

  items(node: YamlNode): readonly YamlNode[] | undefined {
    return isSeq<ParsedNode>(node) ? node.items : undefined;
  }

  /** The pairs of a mapping, those of its own before merged ones; `undefined` for a list or a scalar. */
  pairs(node: YamlNode): readonly YamlPair[] | undefined {
    return isMap<ParsedNode, YamlNode>(node)
      ? [...(this.#pairs.get(node) ?? this.#collect(node)).values()]
      : undefined;
  }

  #expandValues(variables: Variables): void {
    visit(this.#document, {
      Scalar: (key, node) => {
        if (key === 'key' || typeof node.value !== 'string') return;
        const value = expandVariables(node.value, variables);
        if (value === undefined)
          this.report(this.position(node as YamlNode), 'a variable is written as ${NAME:-default}');
        else if (value.includes(LOST))
          this.report(
            this.position(node as YamlNode),
            'its environment variable holds a byte that is not UTF-8',
          );
        else node.value = value;
      },
    });
  }

  /** Those of the map and of all it merges, sources first and without recursion: chains of merges may be long. */
  #collect(map: YAMLMap<ParsedNode, YamlNode>): ReadonlyMap<string, YamlPair> {
    const waiting = [this.#own(map)];
    const begun = new Set<YamlNode>([map as YamlNode]);
    for (let last = waiting.at(-1); last !== undefined; last = waiting.at(-1)) {
      const source = last.sources.find((one) => !begun.has(one) && !this.#pairs.has(one));
      if (source !== undefined && isMap<ParsedNode, YamlNode>(source)) {
        begun.add(source);
        waiting.push(this.#own(source));
        continue;
      }
      for (const one of last.sources)
        for (const [name, pair] of this.#pairs.get(one) ?? [])
          if (!last.pairs.has(name)) last.pairs.set(name, pair);
      this.#pairs.set(last.map, last.pairs);
      waiting.pop();
    }
    return this.#pairs.get(map as YamlNode) ?? new Map();
  }

  /** The pairs that stand in the map itself, and the maps that it merges. */
  #own(map: YAMLMap<ParsedNode, YamlNode>): OwnPairs {
    const pairs = new Map<string, YamlPair>();
    const sources: YamlNode[] = [];
    for (const { key, value } of map.items) {
      const name = this.#key(key);
      if (name === '<<') sources.push(...this.#mergedNodes(value));
      else if (name !== undefined && !pairs.has(name))
        pairs.set(name, { key: name, at: this.position(key), value });
    }
    return { map: map as YamlNode, pairs, sources: sources.filter((one) => isMap(one)) };
  }

  #key(node: YamlNode): string | undefined {
    const name = this.scalar(this.resolve(node));
    if (name === undefined) this.report(this.position(node), 'a key must be plain text');
    return name;
  }

  #mergedNodes(value: YamlNode): YamlNode[] {
    const source = this.resolve(value);
    const nodes = (this.items(source) ?? [source]).map((node) => this.resolve(node));
    for (const node of nodes)
      if (!isMap(node)) this.report(this.position(node, this.position(value)), '<< can merge mappings only');
    return nodes;
  }

  #place(offset: number): Position {
    const { line, col } = this.#lines.linePos(offset);
    return { file: this.#file, line: Math.max(line, 1), column: Math.max(col, 1) };
  }
}

/** What each alias stands for: the last node before it that has its anchor. */
function aliasTargets(document: Document.Parsed): ReadonlyMap<Alias, YamlNode> {
  const anchored = new Map<string, YamlNode>();
  const targets = new Map<Alias, YamlNode>();
  visit(document, {
    Alias: (_, alias) => {
      const target = anchored.get(alias.source);
      if (target !== undefined) targets.set(alias, target);
    },
    Value: (_, node) => {
      if (node.anchor !== undefined) anchored.set(node.anchor, node as YamlNode);
    },
  });
  return targets;
}

/** The library's sentences, but never with text of the file in them: it may be a password. */
function describeFault({ code, message }: YAMLError): string {
  return OWN_SENTENCES[code] ?? `YAML: ${message.replace(/: .*$/s, '')}`;
}

const QUOTE = 'put text with special characters in quotes';

const OWN_SENTENCES: Readonly<Partial<Record<YAMLError['code'], string>>> = {
  BAD_SCALAR_START: `YAML: text cannot begin with this character; ${QUOTE}`,
  BLOCK_AS_IMPLICIT_KEY: `YAML: a second ": " in one line; ${QUOTE}`,
  DUPLICATE_KEY: 'this key stands here a second time',
  MULTIPLE_DOCS: 'a second document begins here; write one document in each file',
  TAG_RESOLVE_FAILED: `YAML: unknown tag; ${QUOTE}, also text that begins with !`,
  BAD_COLLECTION_TYPE: 'YAML: this tag is not for a list or a mapping',
  BAD_DIRECTIVE: 'YAML: unknown directive',
  BAD_DQ_ESCAPE: 'YAML: no such escape in "…"; double the backslash or use \'…\'',
};
