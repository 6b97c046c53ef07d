/** The latest notes of the agents, the pinned ones first; or all of them, with a search. */
import { plural, t } from '@lingui/core/macro'
import { Button, Group, Textarea } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useQuery } from 'urql'
import { useMay } from '@/lib/business'
import { draftOf, keepDraft } from '@/lib/drafts'
import { pageArguments } from '@/lib/paging'
import { useAction } from '@/lib/useAction'
import { useChangeSearch } from '@/lib/useChangeSearch'
import { Problems } from '@/ui/FormDialog'
import { Pager } from '@/ui/Pager'
import { Panel } from '@/ui/Panel'
import { SearchField } from '@/ui/SearchField'
import { PageRows, QueryResult } from '@/ui/States'
import { NoteRow } from './NoteRow'
import classes from './Overview.module.css'
import { NothingYet, OverviewRows } from './OverviewRow'
import type { OverviewAccount } from './OverviewTab'
import { AccountNotesDocument, AddNoteDocument } from './operations.generated'
import type { OverviewSearch } from './search'

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
      {may && <NewNote accountId={account.id} />}
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

function NewNote({ accountId }: { accountId: string }) {
  const draft = `note:${accountId}`
  const form = useForm({
    initialValues: { text: draftOf(draft) },
    onValuesChange: ({ text }) => keepDraft(draft, text),
  })
  const add = useAction(AddNoteDocument, (data) => data.addNote, form)

  async function submit({ text }: typeof form.values) {
    if (!(await add.run({ input: { accountId, text: text.trim() } }))) return
    // What was typed while it was being saved is the next note.
    const now = form.getValues().text
    form.setFieldValue('text', now.startsWith(text) ? now.slice(text.length).trimStart() : now)
  }

  return (
    <form className={classes.newNote} onSubmit={form.onSubmit(submit)} noValidate>
      <Problems of={add.problems} />
      <Textarea
        aria-label={t`New note`}
        placeholder={t`Write a note`}
        autosize
        minRows={1}
        maxRows={6}
        {...form.getInputProps('text')}
      />
      {form.values.text.trim() && (
        <Group justify="flex-end">
          <Button type="submit" size="xs" loading={add.busy}>
            {t`Add note`}
          </Button>
        </Group>
      )}
    </form>
  )
}
