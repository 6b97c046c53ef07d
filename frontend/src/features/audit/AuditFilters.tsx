/** The filters of the audit log: words of the entry, actor, kind and dates. */
import { t } from '@lingui/core/macro'
import { Button, Group } from '@mantine/core'
import { useChangeSearch } from '@/lib/useChangeSearch'
import { DateField } from '@/ui/DateField'
import { FilterSelect } from '@/ui/FilterSelect'
import { SearchField } from '@/ui/SearchField'
import { ViewsMenu } from '@/ui/ViewsMenu'
import { type AuditSearch, auditActionLabels } from './search'

export const noFilters: AuditSearch = {
  q: undefined,
  actor: undefined,
  action: undefined,
  from: undefined,
  to: undefined,
}

export function isNarrowed(search: AuditSearch): boolean {
  return Boolean(search.q || search.actor || search.action || search.from || search.to)
}

export function useChangeAudit(): (changed: AuditSearch) => void {
  const change = useChangeSearch<AuditSearch>()
  return (changed) =>
    change(
      { after: undefined, before: undefined, ...changed },
      { replace: 'q' in changed !== 'actor' in changed },
    )
}

export function AuditFilters({ search }: { search: AuditSearch }) {
  const change = useChangeAudit()
  const date = (label: string, end: 'from' | 'to') => (
    <DateField
      compact
      label={label}
      allowPast
      value={search[end] ?? null}
      onChange={(day) => change({ [end]: day ?? undefined })}
    />
  )
  return (
    <Group gap="xs" mb="sm" role="search">
      <SearchField
        aria-label={t`Search the audit log`}
        placeholder={t`User, token, address or other words`}
        value={search.q ?? ''}
        onSearch={(q) => change({ q })}
        flex="1 1 240px"
      />
      <SearchField
        aria-label={t`Actor`}
        placeholder={t`Actor, the whole name`}
        value={search.actor ?? ''}
        onSearch={(actor) => change({ actor })}
        flex="1 1 200px"
      />
      <FilterSelect
        label={t`Kind`}
        labels={auditActionLabels}
        selected={search.action}
        onSelect={(action) => change({ action })}
      />
      {date(t`From date`, 'from')}
      {date(t`To date`, 'to')}
      {isNarrowed(search) && (
        <Button variant="subtle" onClick={() => change(noFilters)}>
          {t`Clear filters`}
        </Button>
      )}
      <ViewsMenu list="audit-log" />
    </Group>
  )
}
