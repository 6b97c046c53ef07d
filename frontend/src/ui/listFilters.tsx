/** The filters of a list, each kept in the URL under its name. */
import { Button } from '@mantine/core'
import type { ReactNode } from 'react'
import { FilterSelect } from './FilterSelect'
import { SearchField } from './SearchField'

export interface ListFilter {
  /** Its parameter in the URL. Without a value it does not filter. */
  name: string
  label: string
  control: (value: unknown, set: (value: unknown) => void) => ReactNode
  /** It changes while one types, so that it replaces the entry of the history. */
  isTyped?: boolean
}

/** Several of the values that have labels. */
export function choices<Value extends string>(
  name: string,
  label: string,
  labels: Record<Value, string>,
): ListFilter {
  return {
    name,
    label,
    control: (value, set) => (
      <FilterSelect
        label={label}
        labels={labels}
        selected={value as Value[] | undefined}
        onSelect={set}
      />
    ),
  }
}

/** A condition that is either required or not. */
export function condition(name: string, label: string): ListFilter {
  return {
    name,
    label,
    control: (value, set) => (
      <Button
        variant="default"
        aria-pressed={value === true}
        fw={value ? 600 : 400}
        onClick={() => set(value ? undefined : true)}
      >
        {label}
      </Button>
    ),
  }
}

/** A text that is searched while one types. */
export function words(name: string, label: string, placeholder: string): ListFilter {
  return {
    name,
    label,
    isTyped: true,
    control: (value, set) => (
      <SearchField
        aria-label={label}
        placeholder={placeholder}
        value={(value as string | undefined) ?? ''}
        onSearch={set}
        w="100%"
      />
    ),
  }
}

/** Something that only a link sets, such as an account; it can be removed. */
export function given(name: string, label: string, shown: ReactNode): ListFilter {
  return { name, label, control: (value) => (value === undefined ? null : shown) }
}
