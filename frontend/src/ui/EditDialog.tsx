/** A dialog that edits something. It says so if somebody else has changed that meanwhile. */
import { t } from '@lingui/core/macro'
import type { ReactNode } from 'react'
import type { EditForm } from '@/lib/useEditForm'
import { FormDialog } from './FormDialog'
import { StaleEdit } from './StaleEdit'

interface EditDialogProps<Values extends object> {
  title: string
  edit: EditForm<Values>
  /** The mutation that saves the form; see `useAction`. */
  saving: { busy: boolean; problems: string[]; clear: () => void }
  onSubmit: (values: Values) => Promise<void>
  /** "This contact was just edited by somebody else". */
  staleTitle: string
  /** Replaces the text below `staleTitle`, and the label of its button. */
  stale?: { text: ReactNode; button: string }
  size?: number
  children: ReactNode
}

export function EditDialog<Values extends object>(props: EditDialogProps<Values>) {
  const { title, edit, saving, onSubmit, staleTitle, stale, size, children } = props
  const { form, isStale } = edit

  function takeOver() {
    edit.takeOver()
    saving.clear()
  }

  return (
    <FormDialog
      title={title}
      submit={t`Save`}
      onSubmit={form.onSubmit((values) => void onSubmit(values))}
      busy={saving.busy}
      problems={isStale ? [] : saving.problems}
      form={form}
      ready={!isStale}
      size={size}
    >
      {isStale && <StaleEdit title={staleTitle} {...stale} onTakeOver={takeOver} />}
      {children}
    </FormDialog>
  )
}
