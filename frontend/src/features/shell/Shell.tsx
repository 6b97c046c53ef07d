/** The frame of every screen: navigation, the signed-in user and the business clock. */
import { t } from '@lingui/core/macro'
import { ActionIcon, AppShell, Burger, Button, Group, Kbd, Text, Tooltip } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconKeyboard, IconSearch } from '@tabler/icons-react'
import { useRouterState } from '@tanstack/react-router'
import { lazy, type ReactNode, Suspense, useEffect } from 'react'
import { useOpenDialog } from '@/lib/dialog'
import { Logo } from '@/ui/Logo'
import { TextLink } from '@/ui/links'
import { accountsLink } from '../accounts/links'
import { ClockBadge } from './ClockBadge'
import { keyboardHelp } from './links'
import { Navigation } from './Navigation'
import { SchemeSwitch } from './SchemeSwitch'
import classes from './Shell.module.css'
import { searchDialog } from './searchDialog'
import { UserMenu } from './UserMenu'
import { useShortcuts } from './useShortcuts'

const SearchDialog = lazy(() => import('./SearchDialog'))

interface ShellProps {
  onSignedOut: (next: string) => void
  children: ReactNode
}

export function Shell({ onSignedOut, children }: ShellProps) {
  const [navOpened, { toggle, close }] = useDisclosure(false)
  const path = useRouterState({ select: (state) => state.location.pathname })
  useShortcuts()
  // biome-ignore lint/correctness/useExhaustiveDependencies: closes the menu on navigation.
  useEffect(close, [path])
  return (
    <AppShell
      header={{ height: 52 }}
      navbar={{ width: 196, breakpoint: 'md', collapsed: { mobile: !navOpened } }}
      padding="md"
      transitionDuration={0}
    >
      <a className="skip-link" href="#content">
        {t`Skip to content`}
      </a>
      <AppShell.Header bg="var(--tenure-surface)">
        <Header navOpened={navOpened} onToggle={toggle} onSignedOut={onSignedOut} />
      </AppShell.Header>
      <AppShell.Navbar p="xs" bg="var(--tenure-surface)" component="nav" aria-label={t`Main`}>
        <Navigation />
      </AppShell.Navbar>
      <AppShell.Main id="content" tabIndex={-1} maw={1400}>
        {children}
      </AppShell.Main>
      <Suspense>
        <SearchDialog />
      </Suspense>
    </AppShell>
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
          {...accountsLink}
          underline="never"
          c="var(--mantine-color-text)"
          aria-label={t`Tenure: all accounts`}
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
        <ClockBadge />
        <Tooltip label={t`Keyboard shortcuts`}>
          <ActionIcon
            aria-label={t`Keyboard shortcuts`}
            onClick={() => open(keyboardHelp)}
            visibleFrom="sm"
          >
            <IconKeyboard size={18} />
          </ActionIcon>
        </Tooltip>
        <SchemeSwitch />
        <UserMenu onSignedOut={onSignedOut} />
      </Group>
    </Group>
  )
}
