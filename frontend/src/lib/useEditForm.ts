/** A form that edits something, which others may change meanwhile. */
import { type UseFormInput, type UseFormReturnType, useForm } from '@mantine/form'
import { useEffect, useEffectEvent, useState } from 'react'

export interface EditForm<Values extends object, Subject = never> {
  form: UseFormReturnType<Values>
  /** The version on which the values are based; the `expectedVersion` of the mutation. */
  version: number
  /** True if somebody else has changed a value of the form since. */
  isStale: boolean
  /** Shows the values of the others in the fields that were not edited here. */
  takeOver: () => void
  /** Called with what was saved, for a form that stays open. */
  saved: (subject: Subject) => void
}

/** `subject` is what the server has now: it is newer than the form if somebody changed it. */
export function useEditForm<Subject extends { version: number }, Values extends object>(
  subject: Subject,
  valuesOf: (subject: Subject) => Values,
  validate?: UseFormInput<Values>['validate'],
): EditForm<Values, Subject> {
  const [base, setBase] = useState(subject)
  const form = useForm<Values>({ initialValues: valuesOf(base), validate })
  const current = valuesOf(subject)
  const isChanged = (values: Values) => JSON.stringify(current) !== JSON.stringify(values)
  const isNewer = subject.version > base.version && isChanged(valuesOf(base))
  // After it was saved, the subject has the values of the form.
  const isStale = isNewer && isChanged(form.values) && form.isDirty()

  function takeOver() {
    const typed = form.getValues()
    const edited = Object.entries(typed).filter(([field]) => form.isDirty(field))
    startFrom(current)
    form.setValues({ ...current, ...Object.fromEntries(edited) })
    setBase(subject)
  }

  function saved(now: Subject) {
    startFrom(valuesOf(now))
    setBase(now)
  }

  /** What is different from these values is an edit, and a reset returns to them. */
  function startFrom(values: Values) {
    form.setInitialValues(values)
    form.resetDirty(values)
  }

  // Nothing that was typed can be lost.
  const isFollowing = isNewer && !isStale
  const follow = useEffectEvent(takeOver)
  useEffect(() => {
    if (isFollowing) follow()
  }, [isFollowing])

  const version = isStale ? base.version : Math.max(base.version, subject.version)
  return { form, version, isStale, takeOver, saved }
}
