/** The catalog with search and a filter by kind, which are kept in the URL. */
import { plural, t } from '@lingui/core/macro'
import { Button } from '@mantine/core'
import { IconPlus, IconTags } from '@tabler/icons-react'
import { useQuery } from 'urql'
import { useMay } from '@/lib/business'
import { useOpenDialog } from '@/lib/dialog'
import { offerKindLabels } from '@/lib/labels'
import { pageArguments } from '@/lib/paging'
import { ListTable } from '@/ui/ListTable'
import { ClearFilters, isNarrowed, ListTools } from '@/ui/ListTools'
import { choices, words } from '@/ui/listFilters'
import { PageHeader } from '@/ui/PageHeader'
import { EmptyMessage } from '@/ui/States'
import { createOffer } from './links'
import { offerColumns } from './offerColumns'
import { CatalogDocument } from './operations.generated'
import type { CatalogSearch } from './search'

const filters = [
  words('q', t`Search offers`, t`Code or name`),
  choices('kind', t`Kind`, offerKindLabels),
]

export function CatalogPage({ search }: { search: CatalogSearch }) {
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
      <ListTools
        label={t`Filter offers`}
        list="offers"
        search={search}
        filters={filters}
        columns={offerColumns}
      />
      <ListTable
        label={t`Offers`}
        list="offers"
        result={result}
        refetch={refetch}
        pageOf={({ offers }) => offers}
        columns={offerColumns}
        minWidth={960}
        oneLine
        count={(total) => plural(total, { one: '# offer', other: '# offers' })}
        empty={
          isNarrowed(filters, search) ? (
            <EmptyMessage
              icon={<IconTags />}
              title={t`No offer matches`}
              hint={t`Every word must appear in the code or the name.`}
              action={<ClearFilters filters={filters} />}
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
      />
    </>
  )
}
