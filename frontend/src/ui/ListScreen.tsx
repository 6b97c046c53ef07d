/** A screen with one list: its heading, its tools and its table. The state is in the URL. */
import { t } from '@lingui/core/macro'
import type { ReactNode } from 'react'
import { type AnyVariables, type TypedDocumentNode, useQuery } from 'urql'
import type { Column } from './DataTable'
import type { ExportLinkProps } from './ExportLink'
import { type ListPage, ListTable } from './ListTable'
import { ClearFilters, isNarrowed, ListTools } from './ListTools'
import type { ListFilter } from './listFilters'
import { PageHeader } from './PageHeader'
import { EmptyMessage } from './States'

export interface ListScreenProps<Data, Variables extends AnyVariables, Row extends { id: string }> {
  title: string
  hint: ReactNode
  /** The name of the table, if it is not the title. */
  label?: string
  actions?: ReactNode
  /** The name under which its columns, row height and views are kept. */
  list: string
  /** "Filter users". */
  toolsLabel: string
  search: object
  filters: ListFilter[]
  sorts?: Record<string, string>
  exported?: ExportLinkProps
  query: TypedDocumentNode<Data, Variables>
  variables: Variables
  pause?: boolean
  pageOf: (data: Data) => ListPage<Row>
  columns: Column<Row>[]
  minWidth: number
  oneLine?: boolean
  amounts?: string[]
  count: (total: number) => string
  /** Said of a list without entries. */
  empty: { icon: ReactNode; title: string; hint: ReactNode; action?: ReactNode }
  /** "No user matches", and how to find one. */
  noMatch: { title: string; hint?: ReactNode }
}

export function ListScreen<Data, Variables extends AnyVariables, Row extends { id: string }>(
  props: ListScreenProps<Data, Variables, Row>,
) {
  const { title, hint, actions, list, toolsLabel, search, filters, sorts, exported } = props
  const { query, variables, pause, columns, empty, noMatch } = props
  const [result, refetch] = useQuery({ query, variables, pause } as Parameters<
    typeof useQuery<Data, Variables>
  >[0])
  return (
    <>
      <PageHeader title={title} hint={hint} actions={actions} />
      <ListTools
        label={toolsLabel}
        list={list}
        search={search}
        filters={filters}
        sorts={sorts}
        columns={columns}
        exported={exported}
      />
      <ListTable
        label={props.label ?? title}
        list={list}
        result={result}
        refetch={refetch}
        pageOf={props.pageOf}
        columns={columns}
        minWidth={props.minWidth}
        oneLine={props.oneLine}
        amounts={props.amounts}
        count={props.count}
        empty={
          isNarrowed(filters, search) ? (
            <EmptyMessage
              icon={empty.icon}
              title={noMatch.title}
              hint={noMatch.hint ?? t`Change the filters to see other entries.`}
              action={<ClearFilters filters={filters} size="xs" />}
            />
          ) : (
            <EmptyMessage {...empty} />
          )
        }
      />
    </>
  )
}
