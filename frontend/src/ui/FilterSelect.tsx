/** A filter with several values in a popover. */
import { Button, Checkbox, Popover, Stack } from '@mantine/core'
import { IconChevronDown } from '@tabler/icons-react'

interface FilterSelectProps<Value extends string> {
  label: string
  labels: Record<Value, string>
  chosen: Value[] | undefined
  onChoose: (chosen: Value[] | undefined) => void
}

export function FilterSelect<Value extends string>({
  label,
  labels,
  chosen = [],
  onChoose,
}: FilterSelectProps<Value>) {
  const entries = Object.entries(labels) as [Value, string][]
  return (
    <Popover position="bottom-start" shadow="md" trapFocus withRoles={false}>
      <Popover.Target>
        <Button
          variant="default"
          fw={chosen.length > 0 ? 600 : 400}
          rightSection={<IconChevronDown size={14} aria-hidden />}
        >
          {chosen.length === 0
            ? label
            : `${label}: ${chosen.map((value) => labels[value]).join(', ')}`}
        </Button>
      </Popover.Target>
      <Popover.Dropdown role="dialog" aria-label={label}>
        <Checkbox.Group
          aria-label={label}
          value={chosen}
          onChange={(values) => onChoose(values.length > 0 ? (values as Value[]) : undefined)}
        >
          <Stack gap="xs">
            {entries.map(([value, word]) => (
              <Checkbox key={value} value={value} label={word} />
            ))}
            <Button
              size="compact-sm"
              variant="default"
              disabled={chosen.length === 0}
              onClick={() => onChoose(undefined)}
            >
              Any
            </Button>
          </Stack>
        </Checkbox.Group>
      </Popover.Dropdown>
    </Popover>
  )
}
