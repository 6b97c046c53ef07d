/** A dialog with a form: general errors on top, field errors at their fields. */
import { Alert, Button, type ButtonProps, Group, Modal, Stack } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'
import { type FormEvent, type ReactNode, useEffect, useRef } from 'react'
import { useDialog } from '@/lib/dialog'

interface FormDialogProps {
  title: string
  submit: string
  /** The label of the button that closes the dialog without a change; "Cancel" by default. */
  back?: string
  color?: ButtonProps['color']
  onSubmit: (event?: FormEvent<HTMLFormElement>) => void
  busy: boolean
  problems: string[]
  /** Changes with every failed attempt, so that the first invalid field is focused. */
  errors?: object
  ready?: boolean
  /** True after submission, when the form shows the results and can only be closed. */
  over?: boolean
  size?: string | number
  children: ReactNode
}

export function FormDialog(props: FormDialogProps) {
  const {
    title,
    submit,
    back = 'Cancel',
    color,
    onSubmit,
    busy,
    problems,
    errors,
    ready = true,
    over = false,
    size = 560,
    children,
  } = props
  const { close } = useDialog()
  const form = useRef<HTMLFormElement>(null)
  useEffect(() => {
    // After Mantine's own focus, which is the button that closes the dialog.
    const timer = setTimeout(() => firstField(form.current)?.focus(), 30)
    return () => clearTimeout(timer)
  }, [])
  useEffect(() => {
    if (errors && Object.keys(errors).length > 0)
      form.current?.querySelector<HTMLElement>('[aria-invalid=true]')?.focus()
  }, [errors])
  return (
    <DialogFrame title={title} size={size}>
      <form ref={form} onSubmit={onSubmit} noValidate>
        <Stack gap="md">
          <Problems of={problems} />
          {children}
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={close}>
              {over ? 'Close' : back}
            </Button>
            {!over && (
              <Button type="submit" color={color} loading={busy} disabled={!ready}>
                {submit}
              </Button>
            )}
          </Group>
        </Stack>
      </form>
    </DialogFrame>
  )
}

function firstField(form: HTMLFormElement | null): HTMLElement | null {
  if (!form || form.contains(document.activeElement)) return null
  return (
    form.querySelector<HTMLElement>('[data-autofocus]') ??
    form.querySelector<HTMLElement>(
      'input:checked, input:not([type=radio]):not([type=hidden]), textarea',
    )
  )
}

export function DialogFrame({
  title,
  size = 560,
  children,
}: {
  title: string
  size?: string | number
  children: ReactNode
}) {
  const { opened, close, gone } = useDialog()
  return (
    <Modal
      opened={opened}
      onClose={close}
      onExitTransitionEnd={gone}
      title={title}
      size={size}
      returnFocus={false}
    >
      {children}
    </Modal>
  )
}

export function Problems({ of }: { of: string[] }) {
  if (of.length === 0) return null
  return (
    <Alert
      color="red"
      variant="outline"
      icon={<IconAlertTriangle />}
      role="alert"
      c="var(--mantine-color-error)"
    >
      {of.map((problem) => (
        <div key={problem}>{problem}</div>
      ))}
    </Alert>
  )
}
