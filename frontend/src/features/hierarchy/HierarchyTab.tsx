/** The hierarchy of an account as a drawing that can be walked, with who pays for whom. */
import { Button, Group, Text } from '@mantine/core'
import { IconSitemap } from '@tabler/icons-react'
import { useQuery } from 'urql'
import type { HierarchyQuery } from '@/gql/graphql'
import { useMay } from '@/lib/business'
import { useOpenDialog } from '@/lib/dialog'
import { TextLink } from '@/ui/links'
import { Panel } from '@/ui/Panel'
import { EmptyMessage, QueryResult } from '@/ui/States'
import { accountsBelowLink } from '../accounts/links'
import { HierarchyTree } from './HierarchyTree'
import classes from './HierarchyTree.module.css'
import { changeHierarchy } from './links'
import { HierarchyDocument } from './operations.generated'

type Placed = NonNullable<HierarchyQuery['account']>

export function HierarchyTab({ number }: { number: string }) {
  const [result, refetch] = useQuery({ query: HierarchyDocument, variables: { number } })
  return (
    <QueryResult result={result} retry={() => refetch({ requestPolicy: 'network-only' })}>
      {({ account }) =>
        account && (
          <Panel title="Hierarchy" actions={<Actions account={account} />}>
            {account.ancestors.length === 0 && account.descendantCount === 0 ? (
              <EmptyMessage
                icon={<IconSitemap />}
                title="No hierarchy"
                hint="Use Change hierarchy to move it below another account."
              />
            ) : (
              <>
                <Legend />
                <HierarchyTree account={account} />
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
  return (
    <>
      {account.descendantCount > 0 && (
        <TextLink {...accountsBelowLink(account.number)}>
          List all {account.descendantCount.toLocaleString('en')} below
        </TextLink>
      )}
      {may && (
        <Button size="xs" variant="default" onClick={() => open(changeHierarchy(account.id))}>
          Change hierarchy
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
        <Text size="xs">Billed to another account</Text>
      </Group>
      <Group gap={6}>
        <span className={classes.sample} aria-hidden />
        <Text size="xs">Pays its own bills</Text>
      </Group>
    </Group>
  )
}
