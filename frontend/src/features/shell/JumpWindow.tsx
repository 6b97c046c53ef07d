/** Ctrl+K: searches accounts, bills and pages while typing. */
import { Text } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { Spotlight } from '@mantine/spotlight'
import '@mantine/spotlight/styles.layer.css'
import { IconSearch } from '@tabler/icons-react'
import { useNavigate } from '@tanstack/react-router'
import { useCallback, useLayoutEffect, useMemo, useRef, useState } from 'react'
import { useQuery } from 'urql'
import { sentenceOf } from '@/lib/failure'
import { jump, jumpStore } from './jump'
import { JumpToDocument } from './operations.generated'
import { type Place, placesOf } from './places'

const pages = [
  { to: '/accounts', label: 'All accounts' },
  { to: '/deferred-actions', label: 'Deferred actions' },
  { to: '/deferred-actions/calendar', label: 'Calendar of deferred actions' },
  { to: '/catalog', label: 'Catalog' },
  { to: '/jobs', label: 'Jobs' },
] as const

export default function JumpWindow() {
  const navigate = useNavigate()
  const [typed, setTyped] = useState('')
  const [search] = useDebouncedValue(typed.trim(), 120)
  const [{ data, fetching, error }] = useQuery({
    query: JumpToDocument,
    variables: { search, bill: search.toUpperCase() },
    pause: search === '',
  })
  const places = useMemo(() => (search === '' || !data ? [] : placesOf(data)), [search, data])
  const settled = search === typed.trim() && !fetching
  const entered = useRef(false)

  const jumpTo = useCallback(
    (place: Place) => {
      jump.close()
      void navigate(place.link)
    },
    [navigate],
  )

  /** Enter pressed before the response arrives selects the first entry of the response. */
  function choose(place: Place, byKey: boolean) {
    if (settled || !byKey) jumpTo(place)
    else entered.current = true
  }

  function pressed(key: string) {
    if (key !== 'Enter' || entries()?.querySelector('[data-selected]')) return
    if (settled && places[0]) jumpTo(places[0])
    else entered.current = true
  }

  useLayoutEffect(() => {
    if (!settled) return
    selectFirst()
    if (entered.current && places[0]) jumpTo(places[0])
    entered.current = false
  }, [settled, places, jumpTo])

  const offered = pages.filter((page) =>
    page.label.toLowerCase().includes(typed.trim().toLowerCase()),
  )
  const nothing = places.length === 0 && offered.length === 0
  return (
    <Spotlight.Root
      store={jumpStore}
      query={typed}
      onQueryChange={setTyped}
      shortcut={null}
      scrollable
      overlayProps={{ blur: 2, backgroundOpacity: 0.4 }}
      maxHeight={440}
      attributes={{ content: { 'aria-label': 'Search' } }}
    >
      <Spotlight.Search
        aria-label="Search"
        onKeyDown={(event) => pressed(event.key)}
        placeholder="Number, name, e-mail, phone, login, or a bill's number"
        leftSection={<IconSearch size={18} aria-hidden />}
      />
      <Spotlight.ActionsList>
        {(['Bills', 'Accounts'] as const).map((group) => (
          <Group
            key={group}
            label={group}
            places={places.filter((place) => place.group === group)}
            onChoose={choose}
          />
        ))}
        {offered.length > 0 && (
          <Spotlight.ActionsGroup label="Pages">
            {offered.map((page) => (
              <Spotlight.Action
                key={page.to}
                label={page.label}
                onClick={() => void navigate({ to: page.to })}
              />
            ))}
          </Spotlight.ActionsGroup>
        )}
        {nothing && (
          <Spotlight.Empty>
            <Text size="sm">
              {error
                ? sentenceOf(error)
                : fetching || search !== typed.trim()
                  ? 'Searching…'
                  : `No results for "${typed.trim()}". Try a name, an e-mail address or the full number.`}
            </Text>
          </Spotlight.Empty>
        )}
      </Spotlight.ActionsList>
    </Spotlight.Root>
  )
}

interface GroupProps {
  label: string
  places: Place[]
  onChoose: (place: Place, byKey: boolean) => void
}

function Group({ label, places, onChoose }: GroupProps) {
  if (places.length === 0) return null
  return (
    <Spotlight.ActionsGroup label={label}>
      {places.map((place) => (
        <Spotlight.Action
          key={place.id}
          label={place.label}
          description={place.description}
          rightSection={place.badge}
          dimmedSections={false}
          closeSpotlightOnTrigger={false}
          onClick={(event) => onChoose(place, !event.isTrusted)}
        />
      ))}
    </Spotlight.ActionsGroup>
  )
}

/** Spotlight selects the first entry on typing, but the entries arrive later. */
function selectFirst(): void {
  const list = entries()
  if (!list) return
  list.querySelector('[data-selected]')?.removeAttribute('data-selected')
  list.querySelector('[data-action]')?.setAttribute('data-selected', 'true')
  jumpStore.updateState((state) => ({ ...state, selected: 0 }))
}

function entries(): HTMLElement | null {
  return document.getElementById(jumpStore.getState().listId)
}
