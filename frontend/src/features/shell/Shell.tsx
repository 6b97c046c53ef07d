/** The frame of every screen: navigation, the signed-in user and the business clock. */
import { t } from '@lingui/core/macro'
import { ActionIcon, Burger, Button, Group, Kbd, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconKeyboard, IconSearch, IconUserCircle } from '@tabler/icons-react'
import { useRouterState } from '@tanstack/react-router'
import { lazy, type ReactNode, useEffect, useSyncExternalStore } from 'react'
import { useOpenDialog } from '@/lib/dialog'
import { Logo } from '@/ui/Logo'
import { TextLink } from '@/ui/links'
import { WhenIdle } from '@/ui/WhenIdle'
import { homeLink } from '../home/links'
import { GoToHint } from './GoToHint'
import { keyboardHelp } from './links'
import { Navigation } from './Navigation'
import { SchemeSwitch } from './SchemeSwitch'
import classes from './Shell.module.css'
import { searchDialog, searchDialogStore } from './searchDialog'
import { useShortcuts } from './useShortcuts'

const SearchDialog = lazy(() => import('./SearchDialog'))
const UserMenu = lazy(() => import('./UserMenu'))

interface ShellProps {
  onSignedOut: (next: string) => void
  children: ReactNode
}

export function Shell({ onSignedOut, children }: ShellProps) {
  const [navOpened, { toggle, close }] = useDisclosure(false)
  const path = useRouterState({ select: (state) => state.location.pathname })
  const { goesTo } = useShortcuts()
  // biome-ignore lint/correctness/useExhaustiveDependencies: closes the menu on navigation.
  useEffect(close, [path])
  return (
    <div className={classes.frame}>
      <a className="skip-link" href="#content">
        {t`Skip to content`}
      </a>
      <header className={classes.header}>
        <Header navOpened={navOpened} onToggle={toggle} onSignedOut={onSignedOut} />
      </header>
      <div className={classes.body}>
        <nav
          className={classes.navigation}
          data-opened={navOpened || undefined}
          aria-label={t`Main`}
        >
          <Navigation />
        </nav>
        <main id="content" tabIndex={-1} className={classes.main}>
          {children}
        </main>
      </div>
      <div role="status">{goesTo && <GoToHint />}</div>
      <Search />
    </div>
  )
}

function Search() {
  const isOpen = useSyncExternalStore(
    searchDialogStore.subscribe,
    () => searchDialogStore.getState().opened,
  )
  return (
    <WhenIdle now={isOpen}>
      <SearchDialog />
    </WhenIdle>
  )
}

interface HeaderProps {
  navOpened: boolean
  onToggle: () => void
  onSignedOut: (next: string) => void
}

function Header({ navOpened, onToggle, onSignedOut }: HeaderProps) {
  const open = useOpenDialog()
  return (
    <Group h="100%" px={{ base: 'xs', sm: 'md' }} justify="space-between" wrap="nowrap" gap="xs">
      <Group gap="xs" wrap="nowrap">
        <Burger
          opened={navOpened}
          onClick={onToggle}
          hiddenFrom="md"
          size="sm"
          aria-label={t`Main menu`}
          aria-expanded={navOpened}
        />
        <TextLink
          {...homeLink}
          underline="never"
          c="var(--mantine-color-text)"
          aria-label={t`Tenure: today`}
        >
          <Group gap={8} wrap="nowrap">
            <Logo />
            <Text fw={700} visibleFrom="sm">
              Tenure
            </Text>
          </Group>
        </TextLink>
      </Group>
      <Button
        variant="default"
        onClick={searchDialog.open}
        leftSection={<IconSearch size={16} aria-hidden />}
        rightSection={
          <Kbd size="xs" visibleFrom="sm">
            Ctrl K
          </Kbd>
        }
        flex="0 1 340px"
        miw={0}
        justify="flex-start"
        classNames={{ section: classes.section }}
        fw={400}
        size="xs"
      >
        {t`Search`}
      </Button>
      <Group gap={4} wrap="nowrap">
        <ActionIcon
          title={t`Keyboard shortcuts`}
          aria-label={t`Keyboard shortcuts`}
          onClick={() => open(keyboardHelp)}
          visibleFrom="sm"
        >
          <IconKeyboard size={18} />
        </ActionIcon>
        <SchemeSwitch />
        <WhenIdle fallback={<UserSign />}>
          <UserMenu onSignedOut={onSignedOut} />
        </WhenIdle>
      </Group>
    </Group>
  )
}

/** Takes the place of the menu until it is loaded. */
function UserSign() {
  return <IconUserCircle size={28} stroke={1.6} style={{ padding: 4 }} aria-hidden />
}
