/** The menus of a list: views and columns. Loaded after the list. */

import { ColumnsMenu } from './ColumnsMenu'
import type { Column } from './DataTable'
import { ViewsMenu } from './ViewsMenu'

export interface ListMenusProps<Row> {
  list: string
  columns?: Column<Row>[]
  hasViews: boolean
}

export default function ListMenus<Row>({ list, columns, hasViews }: ListMenusProps<Row>) {
  return (
    <>
      {hasViews && <ViewsMenu list={list} />}
      {columns && <ColumnsMenu list={list} columns={columns} />}
    </>
  )
}
