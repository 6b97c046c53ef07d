/** A button that opens a menu. The menu is loaded when it is first needed. */
import { lazy, type ReactNode, type Ref, Suspense, useId, useRef, useState } from 'react'
import type { MenuParts } from './OpenedMenu'

const load = () => import('./OpenedMenu')
const OpenedMenu = lazy(load)

/** What makes a button the one of a menu. */
interface MenuOpener {
  ref: Ref<HTMLButtonElement>
  id: string
  'aria-haspopup': 'menu'
  'aria-expanded': boolean
  'aria-controls': string | undefined
  'data-expanded': true | undefined
  onClick: () => void
  onFocus: () => void
  onPointerEnter: () => void
}

interface MenuButtonProps {
  button: (opener: MenuOpener) => ReactNode
  /** The entries, of parts that are loaded with the menu. */
  children: (parts: MenuParts) => ReactNode
  position?: 'bottom-start' | 'bottom-end'
}

export function MenuButton({ button, children, position }: MenuButtonProps) {
  const id = useId()
  const element = useRef<HTMLButtonElement>(null)
  const [isUsed, setUsed] = useState(false)
  const [opened, setOpened] = useState(false)
  const prepare = () => void load().catch(() => undefined)
  const opener: MenuOpener = {
    ref: element,
    // These names are those of Mantine's parts of a menu.
    id: `${id}-target`,
    'aria-haspopup': 'menu',
    'aria-expanded': opened,
    'aria-controls': opened ? `${id}-dropdown` : undefined,
    'data-expanded': opened || undefined,
    onClick: () => {
      setUsed(true)
      setOpened(!opened)
    },
    onFocus: prepare,
    onPointerEnter: prepare,
  }
  return (
    <>
      {button(opener)}
      {isUsed && (
        <Suspense>
          <OpenedMenu
            id={id}
            button={element}
            opened={opened}
            onChange={setOpened}
            position={position}
          >
            {children}
          </OpenedMenu>
        </Suspense>
      )}
    </>
  )
}
