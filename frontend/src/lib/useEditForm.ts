/** The form of a dialog that edits something, which others may change meanwhile. */
import { type UseFormInput, type UseFormReturnType, useForm } from '@mantine/form'
import { useState } from 'react'

export interface EditForm<Values extends object> {
  form: UseFormReturnType<Values>
  /** The version on which the values are based; the `expectedVersion` of the mutation. */
  version: number
  /** True if somebody else has changed a value of the form since. */
  isStale: boolean
  /** Shows the values of the others in the fields that were not edited here. */
  takeOver: () => void
}

/** `subject` is what the server has now: it is newer than the form if somebody changed it. */
export function useEditForm<Subject extends { version: number }, Values extends object>(
  subject: Subject,
  valuesOf: (subject: Subject) => Values,
  validate?: UseFormInput<Values>['validate'],
): EditForm<Values> {
  const [base, setBase] = useState(subject)
  const form = useForm<Values>({ initialValues: valuesOf(base), validate })
  const current = valuesOf(subject)
  const isChanged = (values: Values) => JSON.stringify(current) !== JSON.stringify(values)
  // After it was saved, the subject has the values of the form.
  const isStale = isChanged(valuesOf(base)) && isChanged(form.values)

  function takeOver() {
    const typed = form.getValues()
    const edited = Object.entries(typed).filter(([field]) => form.isDirty(field))
    form.setInitialValues(current)
    form.setValues({ ...current, ...Object.fromEntries(edited) })
    setBase(subject)
  }

  return { form, version: isStale ? base.version : subject.version, isStale, takeOver }
}
