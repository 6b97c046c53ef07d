/** Filters, sort order, views, columns and export of a list. Its state is in the URL. */
import { t } from '@lingui/core/macro'
import { Button, type ButtonProps, CloseButton, Group, NativeSelect } from '@mantine/core'
import { lazy, Suspense } from 'react'
import { focusBefore } from '@/lib/focus'
import { optionsOf } from '@/lib/labels'
import { useChangeList } from '@/lib/useChangeList'
import { useSentValue } from '@/lib/useSentValue'
import type { Column } from './DataTable'
import type { ExportLinkProps } from './ExportLink'
import classes from './ListTools.module.css'
import type { ListFilter } from './listFilters'

const ListMenus = lazy(() => import('./ListMenus'))

interface ListToolsProps<Row> {
  label: string
  /** The name under which its columns, row height and views are kept. */
  list: string
  search: object
  filters?: ListFilter[]
  /** The labels of its sort orders; the first one is the default. */
  sorts?: Record<string, string>
  columns?: Column<Row>[]
  /** False for a part of a page, which has no views of its own. */
  hasViews?: boolean
  /** Its export, as it is filtered and sorted. */
  exported?: ExportLinkProps
}

export function ListTools<Row>(props: ListToolsProps<Row>) {
  const { label, list, search, filters = [], sorts, columns, hasViews = true } = props
  const values = search as Record<string, unknown>
  const filter = (each: ListFilter) => (
    <Filter key={each.name} filter={each} value={values[each.name]} />
  )
  return (
    <Group gap="xs" mb="sm" role="search" aria-label={label}>
      {filters.filter(isTyped).map(filter)}
      <div className={classes.row}>
        {filters.filter((each) => !isTyped(each)).map(filter)}
        {isNarrowed(filters, search) && <ClearFilters filters={filters} variant="subtle" />}
        <div className={classes.tools}>
          {sorts && <Sort sorts={sorts} value={values.sort} />}
          <Suspense>
            <ListMenus
              list={list}
              columns={columns as Column<unknown>[]}
              hasViews={hasViews}
              exported={props.exported}
            />
          </Suspense>
        </div>
      </div>
    </Group>
  )
}

/** A filter; with a cross that removes it once it is set. */
function Filter({ filter, value }: { filter: ListFilter; value: unknown }) {
  const change = useChangeList()
  const { name, label } = filter
  const typed = isTyped(filter)
  const send = (next: unknown) => change({ [name]: next }, { replace: typed })
  const [chosen, choose] = useSentValue(value, send)
  const isSet = chosen !== undefined && !typed
  return (
    <span
      className={typed ? `${classes.filter} ${classes.typed}` : classes.filter}
      data-set={isSet || undefined}
    >
      {typed ? filter.control(value, send) : filter.control(chosen, choose)}
      {isSet && (
        <CloseButton
          size={26}
          aria-label={t`Remove the filter: ${label}`}
          onClick={({ currentTarget }) => {
            focusBefore(currentTarget)
            choose(undefined)
          }}
        />
      )}
    </span>
  )
}

const isTyped = (filter: ListFilter) => filter.isTyped === true

function Sort({ sorts, value }: { sorts: Record<string, string>; value: unknown }) {
  const change = useChangeList()
  const [usual] = Object.keys(sorts)
  return (
    <NativeSelect
      aria-label={t`Sort`}
      data={optionsOf(sorts)}
      value={typeof value === 'string' ? value : usual}
      onChange={({ currentTarget: { value: sort } }) =>
        change({ sort: sort === usual ? undefined : sort })
      }
    />
  )
}

export function isNarrowed(filters: ListFilter[], search: object): boolean {
  const values = search as Record<string, unknown>
  return filters.some(({ name }) => values[name] !== undefined)
}

export function ClearFilters({ filters, ...rest }: { filters: ListFilter[] } & ButtonProps) {
  const change = useChangeList()
  const none = Object.fromEntries(filters.map(({ name }) => [name, undefined]))
  return (
    <Button
      variant="default"
      {...rest}
      onClick={({ currentTarget }) => {
        focusBefore(currentTarget)
        change(none)
      }}
    >
      {t`Clear filters`}
    </Button>
  )
}
