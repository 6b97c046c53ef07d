/** A filter with several values in a popover. */
import { t } from '@lingui/core/macro'
import { Button, Checkbox, Popover, Stack } from '@mantine/core'
import { IconChevronDown } from '@tabler/icons-react'

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
  return (
    <Popover position="bottom-start" shadow="md" trapFocus withRoles={false}>
      <Popover.Target>
        <Button
          variant="default"
          fw={selected.length > 0 ? 600 : 400}
          rightSection={<IconChevronDown size={14} aria-hidden />}
        >
          {selected.length === 0
            ? label
            : `${label}: ${selected.map((value) => labels[value]).join(', ')}`}
        </Button>
      </Popover.Target>
      <Popover.Dropdown role="dialog" aria-label={label}>
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
      </Popover.Dropdown>
    </Popover>
  )
}
