/** A dialog with a form: general errors on top, field errors at their fields. */
import { t } from '@lingui/core/macro'
import { Button, type ButtonProps, Group, Modal, type ModalProps, Stack } from '@mantine/core'
import { useWindowEvent } from '@mantine/hooks'
import { type FormEvent, type ReactNode, useEffect, useRef } from 'react'
import { useDialog } from '@/lib/dialog'
import { withLineBreaks } from '@/lib/lineBreaks'
import { useSessionEnded } from '@/lib/sessionEnd'
import { type Place, useUnsavedInput } from '@/lib/unsavedInput'
import { DiscardQuestion } from './DiscardQuestion'
import classes from './FormDialog.module.css'
import { Problems } from './Problems'

const frameClasses = { content: classes.content, header: classes.header, body: classes.body }

interface FormDialogProps {
  title: string
  submit: string
  /** The label of the button that closes the dialog without a change; "Cancel" by default. */
  back?: string
  color?: ButtonProps['color']
  onSubmit: (event?: FormEvent<HTMLFormElement>) => void
  busy: boolean
  problems: string[]
  /** Its errors focus the first invalid field. Its values are not discarded without a question. */
  form?: { errors: object; isDirty: () => boolean }
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
    back = t`Cancel`,
    color,
    onSubmit,
    busy,
    problems,
    form,
    ready = true,
    over = false,
    size = 560,
    children,
  } = props
  const { leave } = useDialog()
  const element = useRef<HTMLFormElement>(null)
  const unsaved = useUnsavedInput({
    busy,
    isDirty: () => !over && (form?.isDirty() || hasUnreadText(element.current)),
    isSamePlace: isSameDialog,
  })
  useEffect(() => {
    // After Mantine's own focus, which is the button that closes the dialog.
    const timer = setTimeout(() => focusInView(firstFocus(element.current)), 30)
    return () => clearTimeout(timer)
  }, [])
  const errors = form?.errors
  useEffect(() => {
    if (errors && Object.keys(errors).length > 0)
      element.current?.querySelector<HTMLElement>('[aria-invalid=true]')?.focus()
  }, [errors])

  function submitReadable(event: FormEvent<HTMLFormElement>) {
    const unreadable = unreadableField(event.currentTarget)
    if (!unreadable) return onSubmit(event)
    event.preventDefault()
    unreadable.focus()
  }

  return (
    <DialogFrame title={title} size={size} classNames={frameClasses}>
      <form ref={element} className={classes.form} onSubmit={submitReadable} noValidate>
        <Stack className={classes.fields} gap="md">
          <Problems of={problems} />
          {children}
        </Stack>
        <div className={classes.footer}>
          {unsaved ? (
            <DiscardQuestion {...unsaved} />
          ) : (
            <Group justify="flex-end" gap="xs">
              <Button variant="default" onClick={leave} disabled={busy} data-leave>
                {over ? t`Close` : back}
              </Button>
              {!over && (
                <Button type="submit" color={color} loading={busy} disabled={!ready}>
                  {submit}
                </Button>
              )}
            </Group>
          )}
        </div>
      </form>
    </DialogFrame>
  )
}

function isSameDialog(one: Place, other: Place): boolean {
  const dialog = (place: Place) => ('dialog' in place.search ? place.search.dialog : undefined)
  return one.pathname === other.pathname && dialog(one) === dialog(other)
}

/** Text that is read when its field is left; see `MomentField`. */
function hasUnreadText(form: HTMLFormElement | null): boolean {
  return Boolean(form?.querySelector('[data-unread]'))
}

/** The first field whose text could not be read; see `MomentField`. */
function unreadableField(form: HTMLFormElement): HTMLElement | undefined {
  return [...form.elements].find(
    (field): field is HTMLInputElement =>
      field instanceof HTMLInputElement && field.validity.customError,
  )
}

/** Scrolls only if it is out of view. */
function focusInView(field: HTMLElement | null) {
  field?.focus({ preventScroll: true })
  field?.scrollIntoView({ block: 'nearest' })
}

/** The marked or the first field; the button that changes nothing in a dialog without fields. */
function firstFocus(form: HTMLFormElement | null): HTMLElement | null {
  if (!form || form.contains(document.activeElement)) return null
  const marked = form.querySelector<HTMLElement>('[data-autofocus]')
  return marked ?? firstField(form) ?? form.querySelector<HTMLElement>('[data-leave]')
}

/** Of radio buttons the chosen one. */
function firstField(form: HTMLFormElement): HTMLElement | null {
  const first = form.querySelector<HTMLInputElement>('input:not([type=hidden]), textarea')
  if (first?.type !== 'radio') return first
  const group = form.elements.namedItem(first.name)
  const chosen = group instanceof RadioNodeList && [...group].find(isChecked)
  return chosen || first
}

function isChecked(field: Node): field is HTMLInputElement {
  return field instanceof HTMLInputElement && field.checked
}

export function DialogFrame({
  title,
  size = 560,
  classNames,
  children,
}: {
  title: string
  size?: string | number
  classNames?: ModalProps['classNames']
  children: ReactNode
}) {
  const { opened, leave, gone } = useDialog()
  const hasSessionEnded = useSessionEnded()
  const content = useRef<HTMLDivElement>(null)
  useWindowEvent(
    'keydown',
    (event) => {
      if (event.key !== 'Escape' || event.isComposing || !opened || hasSessionEnded) return
      if (isOwnKey(event, content.current)) leave()
    },
    { capture: true },
  )
  return (
    <Modal
      ref={content}
      opened={opened}
      onClose={leave}
      onExitTransitionEnd={gone}
      title={withLineBreaks(title)}
      size={size}
      classNames={classNames}
      returnFocus={false}
      closeOnEscape={false}
    >
      {children}
    </Modal>
  )
}

/** False for a key of what is open over the dialog: a calendar, options, a question. */
function isOwnKey({ target }: KeyboardEvent, dialog: HTMLElement | null): boolean {
  if (!(target instanceof Element) || target === document.body) return true
  const opened = target.closest('[data-mantine-stop-propagation=true]')
  if (opened && !isWithoutOptions(opened)) return false
  return dialog?.contains(target) ?? false
}

/** A field whose list counts as open, but is hidden since it has no options. */
function isWithoutOptions(field: Element): boolean {
  if (field.getAttribute('role') !== 'combobox') return false
  const list = document.getElementById(field.getAttribute('aria-controls') ?? '')
  return !list?.checkVisibility()
}
