/** The popover of a `PopoverButton`, from its first opening on. */
import { Button, Popover } from '@mantine/core'
import { useState } from 'react'
import type { PopoverButtonProps } from './PopoverButton'

export default function OpenedPopover(props: PopoverButtonProps) {
  const { name, content, position = 'bottom-start', width, ...button } = props
  const [opened, setOpened] = useState(true)
  return (
    <Popover
      opened={opened}
      onChange={setOpened}
      position={position}
      width={width}
      shadow="md"
      trapFocus
      returnFocus
      withRoles={false}
    >
      <Popover.Target>
        <Button
          variant="default"
          {...button}
          aria-haspopup="dialog"
          aria-expanded={opened}
          onClick={() => setOpened(!opened)}
        />
      </Popover.Target>
      <Popover.Dropdown role="dialog" aria-label={name} tabIndex={-1}>
        {content(() => setOpened(false))}
      </Popover.Dropdown>
    </Popover>
  )
}
