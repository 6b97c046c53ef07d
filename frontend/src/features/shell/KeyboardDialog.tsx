import { t } from '@lingui/core/macro'
import { Group, Kbd, SimpleGrid, Stack, Switch, Table, Text } from '@mantine/core'
import { useSingleKeys } from '@/lib/singleKeys'
import { DialogFrame } from '@/ui/FormDialog'
import { destinations } from './destinations'

type Shortcut = [string[], string]

const everywhere: Shortcut[] = [
  [[t`Ctrl`, 'K'], t`Search from anywhere`],
  [['/'], t`Search, if no field has the focus`],
  [['j', 'k'], t`Next and previous row of a list`],
  [[t`Enter`], t`Open the row`],
  [['x'], t`Select the row`],
  [['?'], t`This help`],
  [[t`Esc`], t`Close a dialog or a menu`],
  [['←', '→'], t`Fold and unfold a service in the tree of assets`],
]
const toScreens = destinations.map(({ key, label }): Shortcut => [['g', key], label])

export default function KeyboardDialog() {
  const [on, setOn] = useSingleKeys()
  return (
    <DialogFrame title={t`Keyboard shortcuts`} size={760}>
      <Stack>
        <SimpleGrid cols={{ base: 1, sm: 2 }} verticalSpacing="xs">
          <Shortcuts label={t`Keyboard shortcuts`} of={everywhere} />
          <Shortcuts label={t`Keys of screens`} of={toScreens} />
        </SimpleGrid>
        <Switch
          label={t`Single-key shortcuts`}
          checked={on}
          onChange={(event) => setOn(event.currentTarget.checked)}
        />
      </Stack>
    </DialogFrame>
  )
}

function Shortcuts({ label, of }: { label: string; of: Shortcut[] }) {
  return (
    <Table aria-label={label}>
      <Table.Tbody>
        {of.map(([keys, what]) => (
          <Table.Tr key={what}>
            <Table.Td>
              <Group gap={4} wrap="nowrap">
                {keys.map((key) => (
                  <Kbd key={key}>{key}</Kbd>
                ))}
              </Group>
            </Table.Td>
            <Table.Td>
              <Text size="sm">{what}</Text>
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  )
}
