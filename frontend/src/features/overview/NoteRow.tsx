/** One note with its author. Agents pin and edit it; its author and admins delete it. */
import { t } from '@lingui/core/macro'
import { Trans } from '@lingui/react/macro'
import { Button } from '@mantine/core'
import { useEffect } from 'react'
import type { OverviewNoteFragment } from '@/gql/graphql'
import { useBusiness, useMay } from '@/lib/business'
import { useOpenDialog } from '@/lib/dialog'
import { withLineBreaks } from '@/lib/lineBreaks'
import { notifyOfProblem } from '@/lib/notify'
import { useAction } from '@/lib/useAction'
import { useSavedVersion } from '@/lib/useSavedVersion'
import { Dotted } from '@/ui/Dotted'
import { RowMenu } from '@/ui/RowMenu'
import { When } from '@/ui/When'
import { deleteNote, editNote } from '../notes/links'
import classes from './Overview.module.css'
import { OverviewRow } from './OverviewRow'
import { UpdateNoteDocument } from './operations.generated'

type Note = OverviewNoteFragment

export function NoteRow({ note }: { note: Note }) {
  const may = useMay('AGENT')
  return (
    <OverviewRow hint={<Written note={note} />} side={may && <Actions note={note} />}>
      <span className={classes.note}>{note.text}</span>
    </OverviewRow>
  )
}

function Written({ note }: { note: Note }) {
  const { createdBy, changedBy, changedAt } = note
  return (
    <Dotted>
      <span>
        {withLineBreaks(createdBy)}, <When at={note.createdAt} />
      </span>
      {changedBy &&
        changedAt &&
        (changedBy === createdBy ? (
          <Trans>
            edited <When at={changedAt} />
          </Trans>
        ) : (
          <Trans>
            edited by {changedBy}, <When at={changedAt} />
          </Trans>
        ))}
      {note.isPinned && t`Pinned`}
    </Dotted>
  )
}

function Actions({ note }: { note: Note }) {
  const open = useOpenDialog()
  const { viewer } = useBusiness()
  const isAdmin = useMay('ADMIN')
  const { createdBy } = note
  const [beginning = ''] = note.text.split('\n')
  const name = beginning.length > 40 ? `${beginning.slice(0, 40)}…` : beginning
  return (
    <>
      <Pin note={note} />
      <RowMenu label={t`Actions for note: ${name}`}>
        {({ Item, Label }) => (
          <>
            <Item onClick={() => open(editNote(note.id))}>{t`Edit…`}</Item>
            {isAdmin || createdBy === viewer.name ? (
              <Item c="var(--mantine-color-error)" onClick={() => open(deleteNote(note.id))}>
                {t`Delete…`}
              </Item>
            ) : (
              <Label>{t`Only ${createdBy} or an admin can delete it`}</Label>
            )}
          </>
        )}
      </RowMenu>
    </>
  )
}

function Pin({ note }: { note: Note }) {
  const update = useAction(UpdateNoteDocument, (data) => data.updateNote)
  const [isBehind, saved] = useSavedVersion(note.version)
  useEffect(() => {
    for (const problem of update.problems) notifyOfProblem(problem)
  }, [update.problems])

  async function toggle() {
    const done = await update.run({
      input: { noteId: note.id, isPinned: !note.isPinned, expectedVersion: note.version },
    })
    saved(done?.note?.version)
  }

  return (
    <Button
      size="compact-xs"
      mih={26}
      variant="subtle"
      color="gray"
      c="var(--mantine-color-text)"
      loading={update.busy || isBehind}
      onClick={() => void toggle()}
    >
      {note.isPinned ? t`Unpin` : t`Pin`}
    </Button>
  )
}
