/** One account of the hierarchy with its row, and the accounts below it while it is expanded. */
import { plural, t } from '@lingui/core/macro'
import { ActionIcon, Text } from '@mantine/core'
import { IconChevronRight } from '@tabler/icons-react'
import type { HierarchyNodeFragment } from '@/gql/graphql'
import { holdSentence } from '@/lib/holds'
import { rankLabels } from '@/lib/labels'
import { withLineBreaks } from '@/lib/lineBreaks'
import { StatusBadge } from '@/ui/Badges'
import { TextLink } from '@/ui/links'
import { HierarchyChildren, MoreItem } from './HierarchyChildren'
import classes from './HierarchyTree.module.css'
import { hierarchyLink } from './links'
import { useTreeState } from './treeState'

/** Lower levels are indented less, so that they stay in view. */
const fullyIndented = 8

interface HierarchyBranchProps {
  node: HierarchyNodeFragment
  /** The accounts on the way from it to the account of the page; empty below and beside it. */
  path: HierarchyNodeFragment[]
  /** The id of the account of the page. */
  current: string
  level: number
}

export function HierarchyBranch({ node, path, current, level }: HierarchyBranchProps) {
  const count = node.children.totalCount
  const isCurrent = node.id === current
  const { isToggled, toggle } = useTreeState()
  const isExpandedAtFirst = path.length > 0 || isCurrent
  const expanded = isExpandedAtFirst !== isToggled(node.number)
  return (
    <>
      <div
        role="treeitem"
        tabIndex={isCurrent ? 0 : -1}
        className={classes.row}
        aria-level={level}
        aria-expanded={count > 0 ? expanded : undefined}
        aria-current={isCurrent || undefined}
        data-paid={payerOf(node) ? true : undefined}
      >
        <RowContent
          node={node}
          isCurrent={isCurrent}
          expanded={count > 0 ? expanded : undefined}
          onToggle={() => toggle(node.number)}
        />
      </div>
      {expanded && count > 0 && (
        <div role="none" className={classes.group} data-deep={level > fullyIndented || undefined}>
          <Below node={node} path={path} current={current} level={level + 1} />
        </div>
      )}
    </>
  )
}

function Below({ node, path, current, level }: HierarchyBranchProps) {
  const { pagesOf, showPages } = useTreeState()
  const [next, ...rest] = path
  const parent = { id: node.id, number: node.number }
  if (!next) return <HierarchyChildren of={parent} current={current} level={level} />
  const others = node.children.totalCount - 1
  const { name } = next
  return (
    <>
      <HierarchyBranch node={next} path={rest} current={current} level={level} />
      {pagesOf(node.number, 0) > 0 ? (
        <HierarchyChildren of={parent} except={next.id} current={current} level={level} />
      ) : (
        others > 0 && (
          <MoreItem
            level={level}
            label={plural(others, {
              one: `Show # sibling of ${name}`,
              other: `Show # siblings of ${name}`,
            })}
            onOpen={() => showPages(node.number, 1)}
          />
        )
      )}
    </>
  )
}

interface RowProps {
  node: HierarchyNodeFragment
  isCurrent: boolean
  /** Undefined without children. */
  expanded: boolean | undefined
  onToggle: () => void
}

function RowContent({ node, isCurrent, expanded, onToggle }: RowProps) {
  const payer = payerOf(node)
  return (
    <>
      {expanded === undefined ? (
        <span className={classes.leaf} />
      ) : (
        <ActionIcon
          size={28}
          tabIndex={-1}
          data-tree="toggle"
          onClick={onToggle}
          aria-label={expanded ? t`Hide children` : t`Show children`}
        >
          <IconChevronRight size={14} className={classes.arrow} data-open={expanded || undefined} />
        </ActionIcon>
      )}
      <div className={classes.facts}>
        <TextLink
          {...hierarchyLink(node.number)}
          tabIndex={-1}
          data-tree="open"
          fw={isCurrent ? 700 : 500}
          className="wrapped"
        >
          {node.name}
        </TextLink>
        <Text span size="xs" c="dimmed" ff="monospace">
          {withLineBreaks(node.number)}
        </Text>
        <StatusBadge status={node.status} size="sm" />
        {node.rank && (
          <Text span size="xs">
            {rankLabels[node.rank]}
          </Text>
        )}
        {payer && (
          <Text span size="xs" className={classes.payer}>
            {t`Billed to ${payer}`}
          </Text>
        )}
        {node.children.totalCount > 0 && (
          <Text span size="xs" c="dimmed">
            {plural(node.children.totalCount, { one: '# child', other: '# children' })}
          </Text>
        )}
        {node.holds.length > 0 && (
          <Text span size="xs" c="dimmed">
            {holdSentence(node.holds, 'account')}
          </Text>
        )}
      </div>
    </>
  )
}

/** The names of the accounts that pay for its bill units; null if it pays all itself. */
function payerOf(node: HierarchyNodeFragment): string | null {
  const names = node.billUnits.flatMap((unit) => unit.payingParent?.account.name ?? [])
  return [...new Set(names)].join(', ') || null
}
