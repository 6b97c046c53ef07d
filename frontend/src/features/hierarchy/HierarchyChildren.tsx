/** The accounts directly below one, a page at a time. */
import { t } from '@lingui/core/macro'
import { Text } from '@mantine/core'
import { IconDots } from '@tabler/icons-react'
import { useState } from 'react'
import { useQuery } from 'urql'
import { LoadError, Loading } from '@/ui/States'
import { HierarchyBranch } from './HierarchyBranch'
import classes from './HierarchyTree.module.css'
import { HierarchyChildrenDocument } from './operations.generated'

const perPage = 50

interface HierarchyChildrenProps {
  /** The id of the parent. */
  of: string
  /** The id of a child that is shown already. */
  except?: string
  current: string
  level: number
}

export function HierarchyChildren(props: HierarchyChildrenProps) {
  const [pages, setPages] = useState<(string | null)[]>([null])
  return pages.map((after, index) => (
    <ChildrenPage
      key={after ?? ''}
      {...props}
      after={after}
      isLast={index === pages.length - 1}
      onMore={(cursor) => setPages([...pages, cursor])}
    />
  ))
}

interface ChildrenPageProps extends HierarchyChildrenProps {
  after: string | null
  isLast: boolean
  onMore: (cursor: string) => void
}

function ChildrenPage({ of, except, current, level, after, isLast, onMore }: ChildrenPageProps) {
  const [result, refetch] = useQuery({
    query: HierarchyChildrenDocument,
    variables: { id: of, first: perPage, after },
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
      {isLast && hasNextPage && endCursor && (
        <MoreItem level={level} label={t`Show more`} onOpen={() => onMore(endCursor)} />
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
