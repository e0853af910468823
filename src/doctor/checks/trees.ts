import { missingTrees } from '../verify-trees.ts';
import type { DirectoryCheck } from './check.ts';

export const trees: DirectoryCheck = ({ session, backend }) =>
  missingTrees(session, backend.trees, {
    skip: backend.unsearchable,
    conf: backend,
    layout: backend.release.layout,
  });
