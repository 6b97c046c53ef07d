/** The popover of a `PopoverButton`, from its first opening on. */
import { Popover } from '@mantine/core'
import { type ReactNode, type RefObject, useEffect, useState } from 'react'
import { ExistingTarget } from './ExistingTarget'

interface OpenedPopoverProps {
  id: string
  name: string
  button: RefObject<HTMLButtonElement | null>
  opened: boolean
  onChange: (opened: boolean) => void
  position?: 'bottom-start' | 'bottom-end'
  width?: number
  children: ReactNode
}

export default function OpenedPopover(props: OpenedPopoverProps) {
  const { id, name, button, opened, onChange, position = 'bottom-start', width, children } = props
  // A popover notes what has the focus when it opens, but not if it is open from the start.
  const [isMounted, setMounted] = useState(false)
  useEffect(() => setMounted(true), [])
  return (
    <Popover
      id={id}
      opened={opened && isMounted}
      onChange={onChange}
      position={position}
      width={width}
      shadow="md"
      trapFocus
      returnFocus
      withRoles={false}
    >
      <Popover.Target>
        <ExistingTarget element={button} />
      </Popover.Target>
      <Popover.Dropdown id={`${id}-dropdown`} role="dialog" aria-label={name} tabIndex={-1}>
        {children}
      </Popover.Dropdown>
    </Popover>
  )
}
