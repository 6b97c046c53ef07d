/** Searches while typing. The parent component keeps the search in the URL. */
import { t } from '@lingui/core/macro'
import { CloseButton, TextInput, type TextInputProps } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { IconSearch } from '@tabler/icons-react'
import { useEffect, useEffectEvent, useRef, useState } from 'react'

/** After the first key, so that the list follows the typing; overtaken requests are dropped. */
const pauseMs = 40

interface SearchFieldProps extends Omit<TextInputProps, 'value' | 'onChange'> {
  value: string
  onSearch: (search: string | undefined) => void
}

export function SearchField({ value, onSearch, ...rest }: SearchFieldProps) {
  const [typed, setTyped] = useState(value)
  const sent = useRef(value)
  const [wanted] = useDebouncedValue(typed, pauseMs, { leading: true })
  const send = useEffectEvent(() => {
    if (wanted === sent.current) return
    sent.current = wanted
    onSearch(wanted.trim() || undefined)
  })
  // biome-ignore lint/correctness/useExhaustiveDependencies: it is sent once it has changed.
  useEffect(() => send(), [wanted])
  useEffect(() => {
    // After navigation the field follows the URL. Text typed meanwhile is kept.
    if (value !== sent.current.trim()) {
      sent.current = value
      setTyped(value)
    }
  }, [value])
  return (
    <TextInput
      type="search"
      leftSection={<IconSearch size={16} aria-hidden />}
      value={typed}
      onChange={(event) => setTyped(event.currentTarget.value)}
      rightSection={
        typed && (
          <CloseButton aria-label={t`Clear the search`} size="sm" onClick={() => setTyped('')} />
        )
      }
      {...rest}
    />
  )
}
