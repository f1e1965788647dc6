<?php

/** When an action is due. */
final class ActionScheduler_SimpleSchedule {
	private $at;

	public function __construct( int $at ) {
		$this->at = $at;
	}

	public function get_date(): DateTime {
		return new DateTime( '@' . $this->at );
	}
}

/** What `as_get_scheduled_actions` returns. */
final class ActionScheduler_Action {
	private $row;

	public function __construct( object $row ) {
		$this->row = $row;
	}

	public function get_hook(): string {
		return $this->row->hook;
	}

	public function get_args(): array {
		return json_decode( $this->row->args, true );
	}

	public function get_group(): string {
		return $this->row->group_slug;
	}

	public function get_schedule(): ActionScheduler_SimpleSchedule {
		return new ActionScheduler_SimpleSchedule( (int) $this->row->scheduled_at );
	}

	public function is_finished(): bool {
		return ActionScheduler_Store::STATUS_COMPLETE === $this->row->status;
	}
}
