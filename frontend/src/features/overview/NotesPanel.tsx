/** The latest notes of the agents, the pinned ones first; or all of them, with a search. */
import { plural, t } from '@lingui/core/macro'
import { Button, Skeleton } from '@mantine/core'
import { lazy, Suspense } from 'react'
import { useQuery } from 'urql'
import { useMay } from '@/lib/business'
import { pageArguments } from '@/lib/paging'
import { useChangeSearch } from '@/lib/useChangeSearch'
import { Pager } from '@/ui/Pager'
import { Panel } from '@/ui/Panel'
import { SearchField } from '@/ui/SearchField'
import { PageRows, QueryResult } from '@/ui/States'
import { NoteRow } from './NoteRow'
import classes from './Overview.module.css'
import { NothingYet, OverviewRows } from './OverviewRow'
import type { OverviewAccount } from './OverviewTab'
import { AccountNotesDocument } from './operations.generated'
import type { OverviewSearch } from './search'

const NewNote = lazy(() => import('./NewNote'))

interface NotesPanelProps {
  account: OverviewAccount
  search: OverviewSearch
}

export function NotesPanel({ account, search }: NotesPanelProps) {
  const { nodes, totalCount } = account.notes
  const changeSearch = useChangeSearch<OverviewSearch>()
  const change = (changed: OverviewSearch) =>
    changeSearch({ after: undefined, before: undefined, ...changed }, { replace: true })
  const showsAll = search.allNotes || search.notes !== undefined
  const may = useMay('AGENT')
  const hasMore = totalCount > nodes.length
  return (
    <Panel
      title={t`Notes`}
      actions={
        showsAll ? (
          <Button
            size="compact-xs"
            mih={26}
            variant="default"
            onClick={() => change({ allNotes: undefined, notes: undefined })}
          >
            {t`Show the latest`}
          </Button>
        ) : (
          hasMore && (
            <Button
              size="compact-xs"
              mih={26}
              variant="default"
              onClick={() => change({ allNotes: true })}
            >
              {plural(totalCount, { one: 'Show # note', other: 'Show all # notes' })}
            </Button>
          )
        )
      }
    >
      {(hasMore || showsAll) && (
        <SearchField
          className={classes.search}
          size="xs"
          aria-label={t`Search the notes`}
          placeholder={t`Search the notes`}
          value={search.notes ?? ''}
          onSearch={(notes) => change({ notes })}
        />
      )}
      {showsAll ? (
        <FoundNotes number={account.number} search={search} />
      ) : nodes.length === 0 ? (
        <NothingYet>{t`No notes yet`}</NothingYet>
      ) : (
        <OverviewRows label={t`Notes`}>
          {nodes.map((note) => (
            <NoteRow key={note.id} note={note} />
          ))}
        </OverviewRows>
      )}
      {may && (
        <Suspense
          fallback={
            <div className={classes.newNote}>
              <Skeleton h={36} />
            </div>
          }
        >
          <NewNote accountId={account.id} />
        </Suspense>
      )}
    </Panel>
  )
}

function FoundNotes({ number, search }: { number: string; search: OverviewSearch }) {
  const words = search.notes
  const [result, refetch] = useQuery({
    query: AccountNotesDocument,
    variables: { number, search: words, ...pageArguments(search) },
  })
  return (
    <QueryResult result={result} retry={() => refetch({ requestPolicy: 'network-only' })} lines={3}>
      {({ account }) =>
        account && (
          <PageRows
            page={account.notes}
            empty={
              <NothingYet>{words ? t`No notes contain "${words}"` : t`No notes yet`}</NothingYet>
            }
          >
            <OverviewRows label={t`Notes`}>
              {account.notes.nodes.map((note) => (
                <NoteRow key={note.id} note={note} />
              ))}
            </OverviewRows>
            <Pager
              page={account.notes.pageInfo}
              count={plural(account.notes.totalCount, { one: '# note', other: '# notes' })}
            />
          </PageRows>
        )
      }
    </QueryResult>
  )
}
