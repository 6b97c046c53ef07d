/** A filter with several values in a popover. */
import { t } from '@lingui/core/macro'
import { Button, Checkbox, Stack } from '@mantine/core'
import { IconChevronDown } from '@tabler/icons-react'
import { PopoverButton } from './PopoverButton'

interface FilterSelectProps<Value extends string> {
  label: string
  labels: Record<Value, string>
  selected: Value[] | undefined
  onSelect: (selected: Value[] | undefined) => void
}

export function FilterSelect<Value extends string>({
  label,
  labels,
  selected = [],
  onSelect,
}: FilterSelectProps<Value>) {
  const entries = Object.entries(labels) as [Value, string][]
  const words = selected.map((value) => labels[value]).join(', ')
  return (
    <PopoverButton
      name={label}
      fw={selected.length > 0 ? 600 : 400}
      rightSection={<IconChevronDown size={14} aria-hidden />}
      content={() => (
        <Checkbox.Group
          aria-label={label}
          value={selected}
          onChange={(values) => onSelect(values.length > 0 ? (values as Value[]) : undefined)}
        >
          <Stack gap="xs">
            {entries.map(([value, word]) => (
              <Checkbox key={value} value={value} label={word} />
            ))}
            <Button
              size="compact-sm"
              variant="default"
              disabled={selected.length === 0}
              onClick={() => onSelect(undefined)}
            >
              {t`Any`}
            </Button>
          </Stack>
        </Checkbox.Group>
      )}
    >
      {selected.length === 0 ? label : `${label}: ${words}`}
    </PopoverButton>
  )
}
