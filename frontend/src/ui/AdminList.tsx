/** A screen of administration with one list: its heading, its button, its table and its pages. */
import { Button, Group, Paper } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { type AnyVariables, type TypedDocumentNode, useQuery } from 'urql'
import { useMay } from '@/lib/business'
import { type DialogAddress, useOpenDialog } from '@/lib/dialog'
import { AdminsOnly } from './AdminsOnly'
import { type Column, DataTable } from './DataTable'
import { PageHeader } from './PageHeader'
import { Pager } from './Pager'
import { EmptyMessage, QueryResult } from './States'

type PageInfo = Parameters<typeof Pager>[0]['page']

interface AdminListProps<Data, Variables extends AnyVariables, Row extends { id: string }> {
  title: string
  hint: string
  /** The button that opens the dialog for a new entry. */
  create: { label: string; dialog: DialogAddress }
  query: TypedDocumentNode<Data, Variables>
  variables: Variables
  listOf: (data: Data) => { nodes: Row[]; pageInfo: PageInfo; totalCount: number }
  columns: Column<Row>[]
  minWidth: number
  countOf: (total: number) => string
  filters?: ReactNode
  /** Said of an empty list. Its action is the button for a new entry, unless there is another. */
  empty: { icon: ReactNode; title: string; hint: ReactNode; action?: ReactNode }
}

export function AdminList<Data, Variables extends AnyVariables, Row extends { id: string }>(
  props: AdminListProps<Data, Variables, Row>,
) {
  return (
    <AdminsOnly title={props.title}>
      <List {...props} />
    </AdminsOnly>
  )
}

function List<Data, Variables extends AnyVariables, Row extends { id: string }>(
  props: AdminListProps<Data, Variables, Row>,
) {
  const { title, hint, create, query, variables, listOf, columns, minWidth, countOf } = props
  const { filters, empty } = props
  const open = useOpenDialog()
  const [result, refetch] = useQuery({ query, variables, pause: !useMay('ADMIN') } as Parameters<
    typeof useQuery<Data, Variables>
  >[0])
  const button = (
    <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => open(create.dialog)}>
      {create.label}
    </Button>
  )
  return (
    <>
      <PageHeader title={title} hint={hint} actions={button} />
      {filters && (
        <Group gap="xs" mb="sm">
          {filters}
        </Group>
      )}
      <Paper>
        <QueryResult
          result={result}
          retry={() => refetch({ requestPolicy: 'network-only' })}
          lines={8}
        >
          {(data) => {
            const { nodes, pageInfo, totalCount } = listOf(data)
            if (nodes.length === 0)
              return <EmptyMessage {...empty} action={empty.action ?? button} />
            return (
              <>
                <DataTable label={title} columns={columns} rows={nodes} minWidth={minWidth} />
                <Pager page={pageInfo} count={countOf(totalCount)} />
              </>
            )
          }}
        </QueryResult>
      </Paper>
    </>
  )
}
