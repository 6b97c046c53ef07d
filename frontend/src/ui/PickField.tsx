/**
 * A field for one of many options, which one picks or types. Text that means no option is kept and
 * marked when the field is left; `FormDialog` then does not submit the form. A click, a typed text
 * or the arrow keys open the options; the focus alone, which a dialog sets, does not.
 */
import { t } from '@lingui/core/macro'
import { Autocomplete, type AutocompleteProps, Combobox, type OptionsFilter } from '@mantine/core'
import { type KeyboardEvent, useEffect, useEffectEvent, useRef, useState } from 'react'

export interface PickOption {
  value: string
  label: string
}

type Inherited = Omit<AutocompleteProps, 'data' | 'value' | 'defaultValue' | 'onChange' | 'filter'>

export interface PickFieldProps extends Inherited {
  options: PickOption[]
  value?: string | null
  onChange?: (value: string | null) => void
  /** For options that are searched elsewhere: they are not filtered here. */
  onType?: (text: string) => void
  /** The option that a typed text means; by default the only one that has the text. */
  meant?: (text: string) => PickOption | undefined
  /** Shown in the place of options while there are none. */
  nothing?: string
}

export function PickField(props: PickFieldProps) {
  const { options, value = null, onChange, onType, nothing, error, onBlur, ...rest } = props
  const { meant = (text: string) => optionMeant(options, text), ...field } = rest
  const labelOf = (id: string | null) => options.find((each) => each.value === id)?.label ?? ''
  const input = useRef<HTMLInputElement>(null)
  const [text, setText] = useState(labelOf(value))
  const [problem, setProblem] = useState<string | null>(null)
  const [known, setKnown] = useState(value)
  if (value !== known) {
    // Set from outside, for example by a reset of the form.
    setKnown(value)
    setText(labelOf(value))
    setProblem(null)
  }
  useEffect(() => input.current?.setCustomValidity(problem ?? ''), [problem])
  const isRead = text === labelOf(value)

  function type(typed: string) {
    setText(typed)
    setProblem(null)
    onType?.(typed)
  }

  function accept(id: string | null, typed: string, fault: string | null = null) {
    setText(typed)
    setProblem(fault)
    setKnown(id)
    if (id !== value) onChange?.(id)
  }

  function read() {
    if (isRead) return
    const option = meant(text)
    if (option) accept(option.value, option.label)
    else if (text.trim() === '') accept(null, '')
    else accept(null, text, t`Choose an entry from the list.`)
  }

  function readOnEnter(event: KeyboardEvent<HTMLInputElement>) {
    const list = document.getElementById(event.currentTarget.getAttribute('aria-controls') ?? '')
    if (event.key === 'Enter' && !list?.querySelector('[data-combobox-selected]')) read()
  }

  // The options of a text can arrive after the field was left.
  const readAgain = useEffectEvent(() => {
    const option = problem && meant(text)
    if (option) accept(option.value, option.label)
  })
  // biome-ignore lint/correctness/useExhaustiveDependencies: other options may have what was typed.
  useEffect(() => readAgain(), [options])

  const filter: OptionsFilter = ({ options: all, search, limit }) => {
    if (onType || isRead) return all
    const matching = all.filter((each) => 'label' in each && contains(each.label, search))
    return matching.slice(0, limit)
  }
  const hint = nothing && [{ value: '', label: nothing, disabled: true }]
  return (
    <Autocomplete
      ref={input}
      rightSection={<Combobox.Chevron />}
      rightSectionPointerEvents="none"
      openOnFocus={false}
      {...field}
      data={options.length === 0 && hint ? hint : options}
      filter={filter}
      value={text}
      onChange={type}
      onOptionSubmit={(id) => accept(id, labelOf(id))}
      onClear={() => accept(null, '')}
      onKeyDown={readOnEnter}
      onBlur={(event) => {
        read()
        onBlur?.(event)
      }}
      data-unread={!isRead || undefined}
      error={problem ?? error}
    />
  )
}

function contains(label: string, text: string): boolean {
  return label.toLowerCase().includes(text.trim().toLowerCase())
}

/** The option with this name or value, or the only one that begins with the text or contains it. */
function optionMeant(options: PickOption[], text: string): PickOption | undefined {
  const typed = text.trim().toLowerCase()
  if (typed === '') return undefined
  const label = (option: PickOption) => option.label.toLowerCase()
  const candidates = [
    options.filter((option) => label(option) === typed || option.value.toLowerCase() === typed),
    options.filter((option) => label(option).startsWith(typed)),
    options.filter((option) => label(option).includes(typed)),
  ]
  const found = candidates.find((each) => each.length > 0) ?? []
  return found.length === 1 ? found[0] : undefined
}
