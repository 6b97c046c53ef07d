/** The field for a new note. Loaded after the overview. */
import { t } from '@lingui/core/macro'
import { Button, Group, Textarea } from '@mantine/core'
import { useForm } from '@mantine/form'
import { draftOf, keepDraft } from '@/lib/drafts'
import { useAction } from '@/lib/useAction'
import { Problems } from '@/ui/Problems'
import classes from './Overview.module.css'
import { AddNoteDocument } from './operations.generated'

export default function NewNote({ accountId }: { accountId: string }) {
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
