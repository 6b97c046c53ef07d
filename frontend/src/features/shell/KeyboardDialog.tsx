import { t } from '@lingui/core/macro'
import { Group, Kbd, Stack, Switch, Table, Text } from '@mantine/core'
import { useSingleKeys } from '@/lib/singleKeys'
import { DialogFrame } from '@/ui/FormDialog'
import { destinations } from './destinations'

const shortcuts: [string[], string][] = [
  [[t`Ctrl`, 'K'], t`Search from anywhere`],
  [['/'], t`Search, if no field has the focus`],
  ...destinations.map(({ key, label }): [string[], string] => [['g', key], label]),
  [['j', 'k'], t`Next and previous row of a list`],
  [[t`Enter`], t`Open the row`],
  [['x'], t`Select the row`],
  [['?'], t`This help`],
  [[t`Esc`], t`Close a dialog or a menu`],
  [['←', '→'], t`Fold and unfold a service in the tree of assets`],
]

export default function KeyboardDialog() {
  const [on, setOn] = useSingleKeys()
  return (
    <DialogFrame title={t`Keyboard shortcuts`} size={460}>
      <Stack>
        <Table aria-label={t`Keyboard shortcuts`}>
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
          label={t`Single-key shortcuts`}
          checked={on}
          onChange={(event) => setOn(event.currentTarget.checked)}
        />
      </Stack>
    </DialogFrame>
  )
}
