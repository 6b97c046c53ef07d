/** The hierarchy of an account as a drawing that can be walked, with who pays for whom. */
import { t } from '@lingui/core/macro'
import { Button, Group, Text } from '@mantine/core'
import { IconSitemap } from '@tabler/icons-react'
import { useQuery } from 'urql'
import type { HierarchyQuery } from '@/gql/graphql'
import { useMay } from '@/lib/business'
import { useOpenDialog } from '@/lib/dialog'
import { formatCount } from '@/lib/language'
import { TextLink } from '@/ui/links'
import { Panel } from '@/ui/Panel'
import { EmptyMessage, QueryResult } from '@/ui/States'
import { accountsBelowLink } from '../accounts/links'
import { HierarchyTree } from './HierarchyTree'
import classes from './HierarchyTree.module.css'
import { changeHierarchy } from './links'
import { HierarchyDocument } from './operations.generated'
import type { HierarchySearch } from './search'

type Placed = NonNullable<HierarchyQuery['account']>

interface HierarchyTabProps {
  number: string
  search: HierarchySearch
}

export function HierarchyTab({ number, search }: HierarchyTabProps) {
  const [result, refetch] = useQuery({ query: HierarchyDocument, variables: { number } })
  return (
    <QueryResult result={result} retry={() => refetch({ requestPolicy: 'network-only' })}>
      {({ account }) =>
        account && (
          <Panel title={t`Hierarchy`} actions={<Actions account={account} />}>
            {account.ancestors.length === 0 && account.descendantCount === 0 ? (
              <EmptyMessage
                icon={<IconSitemap />}
                title={t`No hierarchy`}
                hint={t`Use Change hierarchy to move it below another account.`}
              />
            ) : (
              <>
                <Legend />
                <HierarchyTree key={account.id} account={account} search={search} />
              </>
            )}
          </Panel>
        )
      }
    </QueryResult>
  )
}

function Actions({ account }: { account: Placed }) {
  const open = useOpenDialog()
  const may = useMay('AGENT')
  const below = formatCount(account.descendantCount)
  return (
    <>
      {account.descendantCount > 0 && (
        <TextLink {...accountsBelowLink(account.number)}>{t`List all ${below} below`}</TextLink>
      )}
      {may && (
        <Button size="xs" variant="default" onClick={() => open(changeHierarchy(account.id))}>
          {t`Change hierarchy`}
        </Button>
      )}
    </>
  )
}

function Legend() {
  return (
    <Group gap="md" px="md" pt="sm">
      <Group gap={6}>
        <span className={classes.sample} data-paid aria-hidden />
        <Text size="xs">{t`Billed to another account`}</Text>
      </Group>
      <Group gap={6}>
        <span className={classes.sample} aria-hidden />
        <Text size="xs">{t`Pays its own bills`}</Text>
      </Group>
    </Group>
  )
}
