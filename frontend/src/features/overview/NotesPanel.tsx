/** The latest notes of the agents, the pinned ones first; a note is written in place. */
import { t } from '@lingui/core/macro'
import { Button, Group, Textarea } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useMay } from '@/lib/business'
import { formatCount } from '@/lib/language'
import { useAction } from '@/lib/useAction'
import { Problems } from '@/ui/FormDialog'
import { Panel } from '@/ui/Panel'
import { When } from '@/ui/When'
import classes from './Overview.module.css'
import { NothingYet, OverviewRow, OverviewRows } from './OverviewRow'
import type { OverviewAccount } from './OverviewTab'
import { AddNoteDocument, UpdateNoteDocument } from './operations.generated'

type Note = OverviewAccount['notes']['nodes'][number]

export function NotesPanel({ account }: { account: OverviewAccount }) {
  const { nodes, totalCount } = account.notes
  const may = useMay('AGENT')
  return (
    <Panel title={t`Notes`} hint={totalCount > nodes.length && formatCount(totalCount)}>
      {nodes.length === 0 ? (
        <NothingYet>{t`No notes yet`}</NothingYet>
      ) : (
        <OverviewRows label={t`Notes`}>
          {nodes.map((note) => (
            <OverviewRow key={note.id} hint={<Written note={note} />} side={<Pin note={note} />}>
              <span className={classes.note}>{note.text}</span>
            </OverviewRow>
          ))}
        </OverviewRows>
      )}
      {may && <NewNote accountId={account.id} />}
    </Panel>
  )
}

function Written({ note }: { note: Note }) {
  return (
    <>
      {note.createdBy}, <When at={note.createdAt} />
      {note.isPinned && ` · ${t`Pinned`}`}
    </>
  )
}

function Pin({ note }: { note: Note }) {
  const update = useAction(UpdateNoteDocument, (data) => data.updateNote)
  if (!useMay('AGENT')) return null
  return (
    <Button
      size="compact-xs"
      mih={26}
      variant="subtle"
      color="gray"
      c="var(--mantine-color-text)"
      loading={update.busy}
      onClick={() =>
        void update.run({
          input: { noteId: note.id, isPinned: !note.isPinned, expectedVersion: note.version },
        })
      }
    >
      {note.isPinned ? t`Unpin` : t`Pin`}
    </Button>
  )
}

function NewNote({ accountId }: { accountId: string }) {
  const form = useForm({ initialValues: { text: '' } })
  const add = useAction(AddNoteDocument, (data) => data.addNote, form)

  async function submit({ text }: typeof form.values) {
    if (await add.run({ input: { accountId, text: text.trim() } })) form.reset()
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
