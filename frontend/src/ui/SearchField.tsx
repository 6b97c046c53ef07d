/** Searches while typing. The parent component keeps the search in the URL. */
import { t } from '@lingui/core/macro'
import { CloseButton, TextInput, type TextInputProps } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { IconSearch } from '@tabler/icons-react'
import { useEffect, useEffectEvent, useRef, useState } from 'react'
import { SentValues } from '@/lib/sentValues'

/** After the first key, so that the list follows the typing; overtaken requests are dropped. */
const pauseMs = 40

interface SearchFieldProps extends Omit<TextInputProps, 'value' | 'onChange'> {
  value: string
  onSearch: (search: string | undefined) => void
}

export function SearchField({ value, onSearch, ...rest }: SearchFieldProps) {
  const input = useRef<HTMLInputElement>(null)
  const [typed, setTyped] = useState(value)
  const [sent] = useState(() => new SentValues(value))
  const [wanted] = useDebouncedValue(typed, pauseMs, { leading: true })
  const send = useEffectEvent(() => {
    const search = wanted.trim()
    if (sent.send(search)) onSearch(search || undefined)
  })
  // biome-ignore lint/correctness/useExhaustiveDependencies: it is sent once it has changed.
  useEffect(() => send(), [wanted])
  useEffect(() => {
    if (!sent.arrive(value)) setTyped(value)
  }, [sent, value])
  function clear() {
    setTyped('')
    // The button goes away with the text.
    input.current?.focus()
  }
  return (
    <TextInput
      ref={input}
      type="search"
      leftSection={<IconSearch size={16} aria-hidden />}
      value={typed}
      onChange={(event) => setTyped(event.currentTarget.value)}
      rightSection={
        typed && <CloseButton aria-label={t`Clear the search`} size="sm" onClick={clear} />
      }
      {...rest}
    />
  )
}
