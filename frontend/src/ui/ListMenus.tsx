/** The menus of a list, views and columns, and the link to its export. Loaded after the list. */

import { ColumnsMenu } from './ColumnsMenu'
import type { Column } from './DataTable'
import { ExportLink, type ExportLinkProps } from './ExportLink'
import { ViewsMenu } from './ViewsMenu'

export interface ListMenusProps<Row> {
  list: string
  columns?: Column<Row>[]
  hasViews: boolean
  exported?: ExportLinkProps
}

export default function ListMenus<Row>(props: ListMenusProps<Row>) {
  const { list, columns, hasViews, exported } = props
  return (
    <>
      {hasViews && <ViewsMenu list={list} />}
      {columns && <ColumnsMenu list={list} columns={columns} />}
      {exported && <ExportLink {...exported} />}
    </>
  )
}
