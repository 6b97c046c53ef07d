/** A dialog whose result is a password or secret: a form, then the secret, shown once. */
import type { UseFormReturnType } from '@mantine/form'
import { type FormEvent, type ReactNode, useState } from 'react'
import { FormDialog } from './FormDialog'
import { Secret } from './Secret'

interface SecretDialogProps<Values extends object> {
  title: string
  submit: string
  /** The mutation that makes the secret; see `useAction`. */
  making: { busy: boolean; problems: string[] }
  /** Without fields there is no form. */
  form?: UseFormReturnType<Values>
  /** Answers the secret; nothing if it was refused. */
  onSubmit: () => Promise<string | null | undefined>
  /** What the secret is, and what it is for. */
  label: string
  hint: string
  size?: number
  children: ReactNode
}

export function SecretDialog<Values extends object>(props: SecretDialogProps<Values>) {
  const { title, submit, making, form, onSubmit, label, hint, size = 460, children } = props
  const [secret, setSecret] = useState<string | null>(null)

  async function make() {
    const made = await onSubmit()
    if (made) setSecret(made)
  }

  function submitUnchecked(event?: FormEvent) {
    event?.preventDefault()
    void make()
  }

  return (
    <FormDialog
      title={title}
      submit={submit}
      onSubmit={form ? form.onSubmit(() => void make()) : submitUnchecked}
      busy={making.busy}
      problems={making.problems}
      form={form}
      over={secret !== null}
      size={size}
    >
      {secret === null ? children : <Secret label={label} hint={hint} secret={secret} />}
    </FormDialog>
  )
}
