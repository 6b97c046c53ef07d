import { Group, Kbd, Stack, Switch, Table, Text } from '@mantine/core'
import { DialogFrame } from '@/ui/FormDialog'
import { useSingleKeys } from './useShortcuts'

const shortcuts: [string[], string][] = [
  [['Ctrl', 'K'], 'Search from anywhere'],
  [['/'], 'Search in the list of accounts'],
  [['g', 'a'], 'Go to accounts'],
  [['g', 'd'], 'Go to deferred actions'],
  [['g', 'c'], 'Go to their calendar'],
  [['g', 'o'], 'Go to the catalog of offers'],
  [['g', 'j'], 'Go to jobs'],
  [['g', 's'], 'Go to settings'],
  [['?'], 'This help'],
  [['Esc'], 'Close a dialog or a menu'],
  [['←', '→'], 'Fold and unfold a service in the tree of assets'],
]

export default function KeyboardDialog() {
  const [on, setOn] = useSingleKeys()
  return (
    <DialogFrame title="Keyboard shortcuts" size={460}>
      <Stack>
        <Table aria-label="Keyboard shortcuts">
          <Table.Tbody>
            {shortcuts.map(([keys, what]) => (
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
        <Switch
          label="Single-key shortcuts"
          checked={on}
          onChange={(event) => setOn(event.currentTarget.checked)}
        />
      </Stack>
    </DialogFrame>
  )
}
