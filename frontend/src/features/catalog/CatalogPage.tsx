/** The catalog with search and a filter by kind, which are kept in the URL. */
import { plural, t } from '@lingui/core/macro'
import { Button, Group, Paper } from '@mantine/core'
import { IconPlus, IconTags } from '@tabler/icons-react'
import { useQuery } from 'urql'
import { useMay } from '@/lib/business'
import { useOpenDialog } from '@/lib/dialog'
import { offerKindLabels } from '@/lib/labels'
import { pageArguments } from '@/lib/paging'
import { useChangeSearch } from '@/lib/useChangeSearch'
import { ColumnsMenu } from '@/ui/ColumnsMenu'
import { DataTable } from '@/ui/DataTable'
import { FilterSelect } from '@/ui/FilterSelect'
import { PageHeader } from '@/ui/PageHeader'
import { Pager } from '@/ui/Pager'
import { SearchField } from '@/ui/SearchField'
import { EmptyMessage, QueryResult } from '@/ui/States'
import { ViewsMenu } from '@/ui/ViewsMenu'
import { createOffer } from './links'
import { offerColumns } from './offerColumns'
import { CatalogDocument } from './operations.generated'
import type { CatalogSearch } from './search'

export function CatalogPage({ search }: { search: CatalogSearch }) {
  const changeSearch = useChangeSearch<CatalogSearch>()
  const change = (changed: CatalogSearch) =>
    changeSearch({ after: undefined, before: undefined, ...changed }, { replace: 'q' in changed })
  const open = useOpenDialog()
  const mayCreate = useMay('MANAGER')
  const [result, refetch] = useQuery({
    query: CatalogDocument,
    variables: { search: search.q, kind: search.kind, ...pageArguments(search) },
  })
  const create = mayCreate && (
    <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => open(createOffer)}>
      {t`New offer`}
    </Button>
  )
  return (
    <>
      <PageHeader
        title={t`Catalog`}
        hint={t`Offers can't be edited once created.`}
        actions={create}
      />
      <Group gap="xs" mb="sm" role="search">
        <SearchField
          aria-label={t`Search offers`}
          placeholder={t`Code or name`}
          value={search.q ?? ''}
          onSearch={(q) => change({ q })}
          flex="1 1 260px"
        />
        <FilterSelect
          label={t`Kind`}
          labels={offerKindLabels}
          selected={search.kind}
          onSelect={(kind) => change({ kind })}
        />
        <ViewsMenu list="offers" />
        <ColumnsMenu list="offers" columns={offerColumns} />
      </Group>
      <Paper>
        <QueryResult
          result={result}
          retry={() => refetch({ requestPolicy: 'network-only' })}
          lines={8}
        >
          {({ offers }) =>
            offers.nodes.length > 0 ? (
              <>
                <DataTable
                  label={t`Offers`}
                  list="offers"
                  columns={offerColumns}
                  rows={offers.nodes}
                  minWidth={960}
                  oneLine
                />
                <Pager
                  page={offers.pageInfo}
                  count={plural(offers.totalCount, { one: '# offer', other: '# offers' })}
                />
              </>
            ) : search.q || search.kind ? (
              <EmptyMessage
                icon={<IconTags />}
                title={t`No offer matches`}
                hint={t`Every word must appear in the code or the name.`}
                action={
                  <Button
                    variant="default"
                    onClick={() => change({ q: undefined, kind: undefined })}
                  >
                    {t`Clear search and filter`}
                  </Button>
                }
              />
            ) : (
              <EmptyMessage
                icon={<IconTags />}
                title={t`The catalog is empty`}
                hint={t`A manager can create the first offer.`}
                action={create}
              />
            )
          }
        </QueryResult>
      </Paper>
    </>
  )
}
