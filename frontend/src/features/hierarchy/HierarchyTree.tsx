/** The accounts from the root to one account, and its children. Others are loaded on demand. */
import { t } from '@lingui/core/macro'
import { type KeyboardEvent, useRef } from 'react'
import type { HierarchyQuery } from '@/gql/graphql'
import { HierarchyBranch } from './HierarchyBranch'
import classes from './HierarchyTree.module.css'
import type { HierarchySearch } from './search'
import { focusByKey } from './treeKeys'
import { TreeStateProvider, useNewTreeState } from './treeState'

interface HierarchyTreeProps {
  account: NonNullable<HierarchyQuery['account']>
  search: HierarchySearch
}

export function HierarchyTree({ account, search }: HierarchyTreeProps) {
  const state = useNewTreeState(search)
  const tree = useRef<HTMLDivElement>(null)
  const [root, ...rest] = [...account.ancestors.toReversed(), account]

  function onKeyDown(event: KeyboardEvent) {
    if (tree.current && focusByKey(tree.current, event.key)) event.preventDefault()
  }

  if (!root) return null
  return (
    <div
      ref={tree}
      role="tree"
      aria-label={t`Hierarchy`}
      className={classes.tree}
      onKeyDown={onKeyDown}
    >
      <TreeStateProvider value={state}>
        <HierarchyBranch node={root} path={rest} current={account.id} level={1} />
      </TreeStateProvider>
    </div>
  )
}
