/** The menu of actions at the end of a row. */
import { ActionIcon, type ActionIconProps } from '@mantine/core'
import { IconDots } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { MenuButton } from './MenuButton'
import type { MenuParts } from './OpenedMenu'

interface RowMenuProps extends Omit<ActionIconProps, 'children'> {
  /** The accessible name of the button. */
  label: string
  children: (parts: MenuParts) => ReactNode
}

export function RowMenu({ label, children, ...rest }: RowMenuProps) {
  return (
    <MenuButton
      button={(opener) => (
        <ActionIcon aria-label={label} {...rest} {...opener}>
          <IconDots size={18} />
        </ActionIcon>
      )}
    >
      {children}
    </MenuButton>
  )
}
