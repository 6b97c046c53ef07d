/** The accounts directly below one, a page at a time. */
import { t } from '@lingui/core/macro'
import { Text } from '@mantine/core'
import { IconDots } from '@tabler/icons-react'
import { useQuery } from 'urql'
import { LoadError, Loading } from '@/ui/States'
import { HierarchyBranch } from './HierarchyBranch'
import classes from './HierarchyTree.module.css'
import { HierarchyChildrenDocument } from './operations.generated'
import { useTreeState } from './treeState'

const perPage = 50

interface HierarchyChildrenProps {
  /** The parent. */
  of: { id: string; number: string }
  /** The id of a child that is shown already. */
  except?: string
  current: string
  level: number
}

export function HierarchyChildren(props: HierarchyChildrenProps) {
  const { pagesOf, showPages } = useTreeState()
  const { number } = props.of
  const count = pagesOf(number, 1)
  return (
    <ChildrenPages
      {...props}
      after={null}
      count={count}
      onMore={() => showPages(number, count + 1)}
    />
  )
}

interface ChildrenPagesProps extends HierarchyChildrenProps {
  after: string | null
  /** The number of pages from this one on. */
  count: number
  onMore: () => void
}

/** A page of children and those that follow it, each by the end of the one before. */
function ChildrenPages(props: ChildrenPagesProps) {
  const { of, except, current, level, after, count, onMore } = props
  const [result, refetch] = useQuery({
    query: HierarchyChildrenDocument,
    variables: { id: of.id, first: perPage, after },
  })
  const children = result.data?.account?.children
  if (!children) {
    return (
      <div role="none">
        {result.error ? (
          <LoadError
            error={result.error}
            retry={() => refetch({ requestPolicy: 'network-only' })}
          />
        ) : (
          <Loading lines={2} />
        )}
      </div>
    )
  }
  const { nodes, pageInfo } = children
  const { hasNextPage, endCursor } = pageInfo
  return (
    <>
      {nodes
        .filter((node) => node.id !== except)
        .map((node) => (
          <HierarchyBranch key={node.id} node={node} path={[]} current={current} level={level} />
        ))}
      {hasNextPage && endCursor && count > 1 && (
        <ChildrenPages {...props} after={endCursor} count={count - 1} />
      )}
      {hasNextPage && count === 1 && (
        <MoreItem level={level} label={t`Show more`} onOpen={onMore} />
      )}
    </>
  )
}

interface MoreItemProps {
  level: number
  label: string
  onOpen: () => void
}

/** An item of the tree that loads further accounts. */
export function MoreItem({ level, label, onOpen }: MoreItemProps) {
  return (
    <div role="treeitem" tabIndex={-1} className={classes.row} aria-level={level}>
      <span className={classes.leaf}>
        <IconDots size={14} aria-hidden />
      </span>
      <Text
        component="button"
        type="button"
        tabIndex={-1}
        data-tree="open"
        size="sm"
        className={classes.more}
        onClick={onOpen}
      >
        {label}
      </Text>
    </div>
  )
}
