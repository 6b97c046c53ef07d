/** The rows of a list with links to its other pages, or what is said if there are none. */
import { Paper } from '@mantine/core'
import type { ReactNode } from 'react'
import type { PageFragment } from '@/gql/graphql'
import { listCount } from '@/lib/paging'
import { DataTable, type DataTableProps } from './DataTable'
import { Pager } from './Pager'
import { PageRows, QueryResult, type QueryState } from './States'

export interface ListPage<Row> {
  nodes: Row[]
  pageInfo: PageFragment
  totalCount: number
}

interface ListRowsProps<Row extends { id: string }> extends Omit<DataTableProps<Row>, 'rows'> {
  page: ListPage<Row>
  /** The number of entries with their noun: "3 offers". */
  count: (total: number) => string
  /** Above the table: what can be done with the selected rows. */
  toolbar?: ReactNode
  /** Shown instead of an empty table. */
  empty: ReactNode
}

export function ListRows<Row extends { id: string }>(props: ListRowsProps<Row>) {
  const { page, count, toolbar, empty, ...table } = props
  return (
    <PageRows page={page} empty={empty}>
      {toolbar}
      <DataTable rows={page.nodes} {...table} />
      <Pager page={page.pageInfo} count={listCount(page.totalCount, count(page.totalCount))} />
    </PageRows>
  )
}

interface ListTableProps<Data, Row extends { id: string }>
  extends Omit<ListRowsProps<Row>, 'page'> {
  result: QueryState<Data>
  refetch: (options: { requestPolicy: 'network-only' }) => void
  pageOf: (data: Data) => ListPage<Row>
}

export function ListTable<Data, Row extends { id: string }>(props: ListTableProps<Data, Row>) {
  const { result, refetch, pageOf, ...rows } = props
  return (
    <Paper>
      <QueryResult
        result={result}
        retry={() => refetch({ requestPolicy: 'network-only' })}
        lines={10}
      >
        {(data) => <ListRows page={pageOf(data)} {...rows} />}
      </QueryResult>
    </Paper>
  )
}
